/** The directory of a program's members, for an audience. */
import { foldText } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, parsed } from "../asked.ts";
import { levelsById } from "../inheritance/members-through.ts";
import { membershipsOfParties, type PartyMembership } from "../inheritance/memberships-of.ts";
import type { LevelRecord, MembershipsContext } from "../parts.ts";
import { type Audience, audiences, type ListedField, shownTo } from "./audience.ts";
import { type ListedAddress, type ListedParty, listedAccounts, listedContacts } from "./listed-parties.ts";
import { memberConditions } from "./member-condition.ts";

export interface DirectoryQuery {
  readonly programId: string;
  /** Who looks: what they may see is what is shown and found. See `audienceOf` for members and the public. */
  readonly audience: Audience;
  /** Persons, by family and given name, unless said; or organisations and households, by name. */
  readonly of?: "contacts" | "accounts";
  /** Words, each a part of something that the audience sees: the name, e-mail address, job title, organisation, website, industry, city. */
  readonly search?: string;
  readonly levelId?: string;
  /** The day, "YYYY-MM-DD"; today for the organisation, unless given. */
  readonly on?: string;
  /** 1 to 1,000; 50 unless said. */
  readonly limit?: number;
  /** The `next` of the page before, of the same query. */
  readonly after?: string | undefined;
}

/** A member, with those fields that the audience sees; one that it sees and that is not known is null. */
export interface DirectoryEntry {
  /** The contact's or the account's. */
  readonly id: string;
  readonly name: string;
  readonly level?: string;
  /** The first day as a member; through another one, the first day on which there was both the tie and the membership. */
  readonly since?: string | null;
  readonly number?: string | null;
  readonly email?: string | null;
  readonly phone?: string | null;
  readonly address?: ListedAddress | null;
  readonly jobTitle?: string | null;
  readonly organization?: string | null;
  readonly website?: string | null;
  readonly industry?: string | null;
}

const querySchema = z.strictObject({
  programId: z.string(),
  audience: z.enum(audiences),
  of: z.enum(["contacts", "accounts"]).optional(),
  search: z.string().max(200).optional(),
  levelId: z.string().optional(),
  on: daySchema.optional(),
  limit: z.number().int().min(1).max(1_000).optional(),
  after: z.string().optional(),
});

/**
 * Each page is full but for the last one: whoever has a tie to a member and no seat is passed over. A constant number of queries for each
 * page, however many members there are.
 */
export async function directory(
  context: MembershipsContext,
  given: DirectoryQuery,
): Promise<{ readonly items: readonly DirectoryEntry[]; readonly next: string | undefined }> {
  const query = parsed("membershipListing", querySchema, given);
  const { programId, audience, of = "contacts", search = "", levelId, limit = 50 } = query;
  const program = await context.membershipPrograms.get(programId);
  if (program.visibility === "internal" && audience === "public") return { items: [], next: undefined };
  const day = query.on ?? (await context.settings.today());
  const conditions = await memberConditions(context, { programId, day, levelId });
  const words = search.split(/\s+/u).filter((word) => foldText(word) !== "");
  const list = of === "contacts" ? listedContacts : listedAccounts;
  const items: DirectoryEntry[] = [];
  let after = query.after;
  do {
    const page = await list(context, { programId, audience, conditions, words, limit: limit - items.length, after });
    items.push(...(await entriesOf(context, page.parties, { programId, audience, of, day, levelId })));
    after = page.next;
  } while (items.length < limit && after !== undefined);
  return { items, next: after };
}

interface Asked {
  readonly programId: string;
  readonly audience: Audience;
  readonly of: "contacts" | "accounts";
  readonly day: string;
  readonly levelId: string | undefined;
}

async function entriesOf(
  context: MembershipsContext,
  parties: readonly ListedParty[],
  { programId, audience, of, day, levelId }: Asked,
): Promise<readonly DirectoryEntry[]> {
  const ids = parties.map(({ id }) => id);
  const asked = of === "contacts" ? { contactIds: ids } : { accountIds: ids };
  const standing = await membershipsOfParties(context, asked, { day, programId });
  const best = new Map<string, PartyMembership>();
  for (const [id, all] of standing) {
    const found = all.find((each) => each.counts && (levelId === undefined || each.levelId === levelId));
    if (found) best.set(id, found);
  }
  const levels = await levelsById(context, [...new Set([...best.values()].map((each) => each.levelId))]);
  const memberships = await membershipsById(context, [...new Set([...best.values()].map((each) => each.membershipId))]);
  return parties.flatMap((party) => {
    const membership = best.get(party.id);
    if (membership === undefined) return [];
    const { joinedOn, number } = memberships.get(membership.membershipId)!;
    const since = latest(joinedOn, membership.through?.validFrom ?? null);
    return [entryOf(party, { audience, level: levels.get(membership.levelId)!, since, number })];
  });
}

interface Told {
  readonly audience: Audience;
  readonly level: LevelRecord;
  readonly since: string | null;
  readonly number: string | null;
}

function entryOf(party: ListedParty, { audience, level, since, number }: Told): DirectoryEntry {
  const { id, listing, name, ...fields } = party;
  const shown: readonly Audience[] = shownTo(audience);
  const sees = (field: ListedField) =>
    audience === "staff" || (listing !== undefined && shown.includes(listing[field]));
  const isTold = level.visibility === "public" || audience !== "public";
  const known = { ...fields, since, number, ...(isTold ? { level: level.name } : {}) };
  return { id, name, ...Object.fromEntries(Object.entries(known).filter(([field]) => sees(field as ListedField))) };
}

async function membershipsById(context: MembershipsContext, ids: readonly string[]) {
  const found = new Map<string, { readonly joinedOn: string | null; readonly number: string | null }>();
  const query = { where: { id: { in: [...ids] } }, select: ["joinedOn", "number"] as const };
  for await (const { id, joinedOn, number } of context.memberships.iterate(query)) found.set(id, { joinedOn, number });
  return found;
}

function latest(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
