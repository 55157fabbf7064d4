/** Of which programs parties are members on a day, of their own or through others. */
import type { LevelRecord, MembershipsContext } from "../parts.ts";
import { statusesOn } from "../status/statuses-on.ts";
import { validOn } from "./candidates.ts";
import { inherits } from "./inheritance-rule.ts";
import { levelsById, type Standing, throughStandings } from "./members-through.ts";
import type { Heir, WithoutReason } from "./seats.ts";

/** A membership that a party has, or would have if there were a seat. */
export interface PartyMembership {
  readonly membershipId: string;
  readonly programId: string;
  readonly levelId: string;
  /** The membership's. */
  readonly status: string;
  /** Whether the party is a member by it: it counts, and, where it is another one's, there is a seat. */
  readonly counts: boolean;
  /** The tie that gives it; null: it is the party's own. */
  readonly through: Omit<Heir, "contactId"> | null;
  /** Why it gives nothing, where it is another one's. */
  readonly reason: WithoutReason | null;
}

export interface Parties {
  readonly contactIds?: readonly string[];
  readonly accountIds?: readonly string[];
}

interface Asked {
  readonly day: string;
  /** All of them unless given. */
  readonly programId?: string | undefined;
}

interface Owned {
  readonly standing: Standing;
  readonly membershipId: string;
}

const CHUNK = 500;

/**
 * By the id of the party; those without any are not in it. Own ones come first, then those that count, then those of higher levels. A constant
 * number of queries for each five hundred parties.
 */
export async function membershipsOfParties(
  context: MembershipsContext,
  { contactIds = [], accountIds = [] }: Parties,
  asked: Asked,
): Promise<ReadonlyMap<string, readonly PartyMembership[]>> {
  const found = new Map<string, PartyMembership[]>();
  const ranks = new Map<string, number>();
  for (const part of chunksOf([...new Set(accountIds)])) {
    const own = await standingsWhere(context, { accountId: { in: part } }, asked);
    addOwn(found, own);
    for (const [id, { rank }] of await levelsOf(context, own)) ranks.set(id, rank);
  }
  for (const part of chunksOf([...new Set(contactIds)])) {
    const own = await standingsWhere(context, { contactId: { in: part } }, asked);
    addOwn(found, own);
    const owned = await standingsBehind(context, part, asked);
    const levels = await levelsOf(context, [...own, ...owned]);
    for (const [id, { rank }] of levels) ranks.set(id, rank);
    await addInherited(context, { found, contactIds: new Set(part), owned, levels, day: asked.day });
  }
  for (const all of found.values()) all.sort((a, b) => byStanding(a, b, ranks));
  return found;
}

function addOwn(found: Map<string, PartyMembership[]>, own: readonly Owned[]): void {
  for (const { membershipId, standing } of own) {
    const { status, counts, span, contactId, accountId } = standing;
    const { programId, levelId } = span;
    add(found, (contactId ?? accountId)!, {
      ...{ membershipId, programId, levelId, status, counts, through: null, reason: null },
    });
  }
}

interface Inheriting {
  readonly found: Map<string, PartyMembership[]>;
  readonly contactIds: ReadonlySet<string>;
  readonly owned: readonly Owned[];
  readonly levels: ReadonlyMap<string, LevelRecord>;
  readonly day: string;
}

async function addInherited(
  context: MembershipsContext,
  { found, contactIds, owned, levels, day }: Inheriting,
): Promise<void> {
  const inherited = owned.filter(({ standing }) => inherits(levels.get(standing.span.levelId)!));
  const standings = new Map(inherited.map(({ membershipId, standing }) => [membershipId, standing]));
  for (const [membershipId, { members, without }] of await throughStandings(context, standings, day)) {
    const { span, status } = standings.get(membershipId)!;
    const shared = { membershipId, programId: span.programId, levelId: span.levelId, status };
    for (const { contactId, ...through } of members)
      if (contactIds.has(contactId)) add(found, contactId, { ...shared, counts: true, through, reason: null });
    for (const { contactId, reason, ...through } of without)
      if (contactIds.has(contactId)) add(found, contactId, { ...shared, counts: false, through, reason });
  }
}

/** Memberships of others that the contacts have a tie to. */
async function standingsBehind(
  context: MembershipsContext,
  contactIds: readonly string[],
  asked: Asked,
): Promise<readonly Owned[]> {
  const affiliated = { contactId: { in: contactIds }, ...validOn(asked.day) };
  const accountIds = new Set<string>();
  for await (const { accountId } of context.affiliations.iterate({ where: affiliated, select: ["accountId"] }))
    accountIds.add(accountId);
  const relatedContacts = new Set<string>();
  for (const { from } of await tiesTo(context, contactIds, asked.day))
    (from.entity === "account" ? accountIds : relatedContacts).add(from.id);
  const owned = new Map<string, Owned>();
  for (const part of chunksOf([...accountIds]))
    for (const each of await standingsWhere(context, { accountId: { in: part } }, asked))
      owned.set(each.membershipId, each);
  for (const part of chunksOf([...relatedContacts]))
    for (const each of await standingsWhere(context, { contactId: { in: part } }, asked))
      owned.set(each.membershipId, each);
  return [...owned.values()];
}

async function tiesTo(context: MembershipsContext, toContactIds: readonly string[], on: string) {
  if (context.relationships === undefined) return [];
  const types = new Set<string>();
  for await (const { inheritance } of context.membershipLevels.iterate({
    select: ["inheritance"],
    archived: "include",
  }))
    for (const type of inheritance?.relationships ?? []) types.add(type);
  return types.size === 0 ? [] : context.relationships.tiesOn({ on, types: [...types], toContactIds });
}

type OfParties = { readonly contactId: { readonly in: string[] } } | { readonly accountId: { readonly in: string[] } };

async function standingsWhere(
  context: MembershipsContext,
  parties: OfParties,
  { day, programId }: Asked,
): Promise<readonly Owned[]> {
  const where = { ...parties, ...(programId === undefined ? {} : { programId }) };
  const select = ["contactId", "accountId"] as const;
  const memberships = await Array.fromAsync(context.memberships.iterate({ where, select }));
  const statuses = await statusesOn(
    context,
    memberships.map(({ id }) => id),
    day,
  );
  return memberships.flatMap(({ id, contactId, accountId }) => {
    const status = statuses.get(id);
    return status ? [{ membershipId: id, standing: { ...status, contactId, accountId } }] : [];
  });
}

function levelsOf(context: MembershipsContext, owned: readonly Owned[]) {
  return levelsById(context, [...new Set(owned.map(({ standing }) => standing.span.levelId))]);
}

function add(found: Map<string, PartyMembership[]>, partyId: string, membership: PartyMembership): void {
  const all = found.get(partyId);
  if (all) all.push(membership);
  else found.set(partyId, [membership]);
}

function byStanding(a: PartyMembership, b: PartyMembership, ranks: ReadonlyMap<string, number>): number {
  return (
    Number(b.through === null) - Number(a.through === null) ||
    Number(b.counts) - Number(a.counts) ||
    ranks.get(b.levelId)! - ranks.get(a.levelId)! ||
    (a.membershipId < b.membershipId ? -1 : 1)
  );
}

function chunksOf(ids: readonly string[]): readonly string[][] {
  return Array.from({ length: Math.ceil(ids.length / CHUNK) }, (_, at) => ids.slice(at * CHUNK, (at + 1) * CHUNK));
}
