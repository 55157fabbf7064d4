/** Who has a tie to members that gives their memberships, read for many members at once. */
import type { MembershipsContext } from "../parts.ts";
import { givesIt, type InheritanceRule } from "./inheritance-rule.ts";
import { type Candidate, isDeceased } from "./seats.ts";

/** A membership that is inherited by the rule. */
export interface Owner {
  readonly membershipId: string;
  readonly contactId: string | null;
  readonly accountId: string | null;
  readonly rule: InheritanceRule;
}

const CHUNK = 500;

/** By membership. Two queries for five hundred owners, and one of the plugin `relationships` where a rule names its types. */
export async function candidatesOf(
  context: MembershipsContext,
  owners: readonly Owner[],
  day: string,
): Promise<ReadonlyMap<string, readonly Candidate[]>> {
  const found = new Map<string, Candidate[]>(owners.map(({ membershipId }) => [membershipId, []]));
  for (let at = 0; at < owners.length; at += CHUNK) {
    const part = owners.slice(at, at + CHUNK);
    await addAffiliated(context, part, { day, found });
    await addRelated(context, part, { day, found });
  }
  return found;
}

interface Adding {
  readonly day: string;
  readonly found: ReadonlyMap<string, Candidate[]>;
}

async function addAffiliated(context: MembershipsContext, owners: readonly Owner[], { day, found }: Adding) {
  const affiliated = owners.filter(({ rule }) => (rule.affiliations ?? []).length > 0);
  const accountIds = new Set(affiliated.flatMap(({ accountId }) => accountId ?? []));
  if (accountIds.size === 0) return;
  const byAccount = Map.groupBy(affiliated, ({ accountId }) => accountId);
  const kinds = owners.flatMap(({ rule }) => (rule.affiliations ?? []).map(({ kind }) => kind));
  const affiliations = context.affiliations.iterate({
    where: {
      ...{ accountId: { in: [...accountIds] }, kind: { in: [...new Set(kinds)] } },
      ...{ contact: { archivedAt: null }, ...validOn(day) },
    },
    include: { contact: true },
  });
  for await (const { id, contactId, accountId, kind, role, validFrom, validUntil, createdAt, contact } of affiliations)
    for (const { membershipId, rule } of byAccount.get(accountId) ?? [])
      if (contact && givesIt(rule, { kind, role }))
        found.get(membershipId)!.push({
          ...{ contactId, validFrom, validUntil, createdAt, deceased: isDeceased(contact.deathDate, day) },
          through: { entity: "affiliation", id, type: kind, role },
        });
}

async function addRelated(context: MembershipsContext, owners: readonly Owner[], { day, found }: Adding) {
  const related = owners.filter(({ rule }) => (rule.relationships ?? []).length > 0);
  if (context.relationships === undefined || related.length === 0) return;
  const types = [...new Set(related.flatMap(({ rule }) => rule.relationships ?? []))];
  const byParty = Map.groupBy(related, ({ contactId, accountId }) => contactId ?? accountId);
  const ties = await context.relationships.tiesOn({
    ...{ on: day, types },
    fromContactIds: related.flatMap(({ contactId }) => contactId ?? []),
    fromAccountIds: related.flatMap(({ accountId }) => accountId ?? []),
  });
  const living = await livingContacts(context, [...new Set(ties.map(({ contactId }) => contactId))], day);
  for (const { id, type, from, contactId, validFrom, validUntil, createdAt } of ties) {
    const deceased = living.get(contactId);
    if (deceased === undefined || contactId === from.id) continue;
    for (const { membershipId, rule } of byParty.get(from.id) ?? [])
      if (rule.relationships?.includes(type))
        found.get(membershipId)!.push({
          ...{ contactId, validFrom, validUntil, createdAt, deceased },
          through: { entity: "relationship", id, type, role: null },
        });
  }
}

/** By id, whether they have died; without those that are gone or archived. */
async function livingContacts(context: MembershipsContext, ids: readonly string[], day: string) {
  const found = new Map<string, boolean>();
  for (let at = 0; at < ids.length; at += 1_000) {
    const where = { id: { in: ids.slice(at, at + 1_000) } };
    for await (const { id, deathDate } of context.contacts.iterate({ where, select: ["deathDate"] }))
      found.set(id, isDeceased(deathDate, day));
  }
  return found;
}

/** Both ends are part of the interval, and one that is null is open. */
export function validOn(day: string) {
  return {
    and: [
      { or: [{ validFrom: null }, { validFrom: { lte: day } }] },
      { or: [{ validUntil: null }, { validUntil: { gte: day } }] },
    ],
  };
}
