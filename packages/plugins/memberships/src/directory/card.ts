/** What stands on a member's card. */
import { contactDisplay } from "@relata/core";
import * as z from "zod";
import { daySchema, parsed } from "../asked.ts";
import { levelsById, membersThrough } from "../inheritance/members-through.ts";
import type { MembershipsContext } from "../parts.ts";

export interface CardQuery {
  readonly membershipId: string;
  /** Somebody who has the membership through its member; the member unless given. */
  readonly contactId?: string;
}

export interface MembershipCard {
  readonly membershipId: string;
  readonly program: string;
  readonly level: string;
  readonly name: string;
  /** The household or organisation through which the person is a member. */
  readonly through: string | null;
  readonly number: string | null;
  /** The first day as a member, ever. */
  readonly memberSince: string | null;
  /** The last day of the term, and of the tie where that ends before; null: for life. */
  readonly validUntil: string | null;
  readonly status: string;
  /** The day that was asked for. */
  readonly on: string;
}

const queriesSchema = z
  .array(z.strictObject({ membershipId: z.string(), contactId: z.string().optional() }))
  .min(1)
  .max(1_000);

/**
 * In the order asked for. A constant number of queries, however many cards.
 *
 * @throws `not_found`; `no_card` for a membership that does not count on the day, and for somebody who has no seat; `invalid_input`
 */
export async function cards(
  context: MembershipsContext,
  given: readonly CardQuery[],
  { on }: { readonly on?: string } = {},
): Promise<readonly MembershipCard[]> {
  const queries = parsed("membership", queriesSchema, given);
  parsed("membership", z.strictObject({ on: daySchema.optional() }), { on });
  const day = on ?? (await context.settings.today());
  const ids = [...new Set(queries.map(({ membershipId }) => membershipId))];
  const { items } = await context.memberships.list({
    where: { id: { in: ids } },
    include: { program: true, contact: true, account: true },
    ...{ limit: 1_000, archived: "include" },
  });
  const memberships = new Map(items.map((membership) => [membership.id, membership]));
  for (const id of ids) if (!memberships.has(id)) await context.memberships.get(id);
  const through = await membersThrough(context, ids, day);
  const levels = await levelsById(context, [...new Set([...through.values()].flatMap(({ levelId }) => levelId ?? []))]);
  const ends = await termEnds(context, ids, day);
  const people = await namesOf(
    context,
    queries.flatMap(({ contactId }) => contactId ?? []),
  );
  return queries.map(({ membershipId, contactId }): MembershipCard => {
    const { program, contact, account, ...membership } = memberships.get(membershipId)!;
    const { status, counts, levelId, members, without } = through.get(membershipId)!;
    const refuse = (reason: string) =>
      context.error("no_card", { entity: "membership", id: membershipId, contactId: contactId ?? null, day, reason });
    if (status === null || !counts) throw refuse(status === null ? "not a member" : status);
    const isOwn = contactId === undefined || contactId === membership.contactId;
    const heir = members.find((each) => each.contactId === contactId);
    if (!isOwn && heir === undefined)
      throw refuse(without.find((each) => each.contactId === contactId)?.reason ?? "not a member through it");
    const own = contact ? contactDisplay(contact) : (account?.name ?? "");
    return {
      ...{ membershipId, program: program?.name ?? "", level: levels.get(levelId!)!.name, status, on: day },
      ...(isOwn ? { name: own, through: null } : { name: people.get(contactId) ?? "", through: own }),
      ...{ number: membership.number, memberSince: latest(membership.joinedOn, heir?.validFrom ?? null) },
      validUntil: earliest(ends.get(membershipId) ?? null, heir?.validUntil ?? null),
    };
  });
}

async function termEnds(context: MembershipsContext, ids: readonly string[], day: string) {
  const where = { membershipId: { in: [...ids] }, firstDay: { lte: day }, lastDay: { gte: day } };
  const ends = new Map<string, string | null>();
  for await (const { membershipId, termEndsOn } of context.membershipSpans.iterate({ where }))
    ends.set(membershipId, termEndsOn);
  return ends;
}

async function namesOf(context: MembershipsContext, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  if (ids.length === 0) return names;
  for await (const contact of context.contacts.iterate({
    where: { id: { in: [...new Set(ids)] } },
    archived: "include",
  }))
    names.set(contact.id, contactDisplay(contact));
  return names;
}

function latest(a: string | null, b: string | null): string | null {
  return a === null || (b !== null && b > a) ? b : a;
}

function earliest(a: string | null, b: string | null): string | null {
  return a === null || (b !== null && b < a) ? b : a;
}
