/** The directory of a program's members, for an audience. */
import { decodeCursor, encodeCursor, foldText } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, parsed } from "../asked.ts";
import { levelsById } from "../inheritance/members-through.ts";
import { membershipsOfParties, type PartyMembership } from "../inheritance/memberships-of.ts";
import type { LevelRecord, MembershipsContext } from "../parts.ts";
import { type Audience, audiences, type ListedField, shownTo } from "./audience.ts";
import { type ListedAddress, type ListedParty, listedAccounts, listedContacts, type Place } from "./listed-parties.ts";
import { memberConditions } from "./member-condition.ts";
import { mergedParties, type PartOfList } from "./merged-parties.ts";

export interface DirectoryQuery {
  readonly programId: string;
  /** Who looks: what they may see is what is shown and found. See `audienceOf` for members and the public. */
  readonly audience: Audience;
  /** Persons, by family and given name, unless said; or organisations and households, by name. */
  readonly of?: "contacts" | "accounts";
  /** Those on this level who let the audience see it; on an internal one, the public sees nobody. */
  readonly levelId?: string;
  /** Words, each a part of something that the audience sees: the name, e-mail address, job title, organisation, website, industry, city. */
  readonly search?: string;
  /**
   * The day, "YYYY-MM-DD"; today for the organisation, unless given. It is the application's to say: who lets a visitor choose it tells since when
   * and until when somebody is a member.
   */
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
 * Each page is full but for the last one: whoever has a tie to a member and no seat is passed over. The queries of a page do not depend on how
 * many members there are; but for levels that are had by ties of the plugin `relationships`, whose members are asked for theirs, five hundred at once.
 */
export async function directory(context: MembershipsContext, given: DirectoryQuery): Promise<DirectoryPage> {
  const query = parsed("membershipListing", querySchema, given);
  const { programId, audience, of = "contacts", search = "", levelId, limit = 50 } = query;
  const program = await context.membershipPrograms.get(programId);
  if (audience === "public" && (program.visibility === "internal" || (await isInternal(context, levelId))))
    return { items: [], next: undefined };
  const day = query.on ?? (await context.settings.today());
  const described = JSON.stringify(["memberships.directory", programId, audience, of, search, levelId, day]);
  const words = search.split(/\s+/u).filter((word) => foldText(word) !== "");
  const next = await readerOf(context, { programId, audience, of, day, levelId }, { words, limit: limit + 1 });
  const found: { readonly place: Place; readonly entry: DirectoryEntry }[] = [];
  let after = query.after === undefined ? undefined : placeIn(decodeCursor(described, query.after));
  let isAll = false;
  while (!isAll && found.length <= limit) {
    const merged = await next(after);
    const entries = await entriesOf(context, merged.items, { programId, audience, of, day, levelId });
    for (const party of merged.items) {
      const entry = entries.get(party.id);
      if (entry) found.push({ place: party, entry });
    }
    after = merged.items.at(-1);
    isAll = merged.isAll;
  }
  const page = found.slice(0, limit);
  const end = found.length > limit ? page.at(-1)!.place : undefined;
  return { items: page.map(({ entry }) => entry), next: end && encodeCursor(described, [end.id, ...end.keys]) };
}

export interface DirectoryPage {
  readonly items: readonly DirectoryEntry[];
  /** Pass it as `after` for the following page; undefined on the last one. */
  readonly next: string | undefined;
}

/** What reads on, after a place, those who may be members. */
async function readerOf(
  context: MembershipsContext,
  { programId, audience, of, day, levelId }: Asked,
  { words, limit }: { readonly words: readonly string[]; readonly limit: number },
): Promise<(after: Place | undefined) => Promise<PartOfList<ListedParty>>> {
  const { contacts, accounts } = await memberConditions(context, { programId, day, levelId });
  const most = Math.min(limit, 1_000);
  return async (after) => {
    const query = { programId, audience, words, isByLevel: levelId !== undefined, limit: most, after };
    const parts: (readonly ListedParty[])[] = [];
    if (of === "contacts")
      for (const condition of contacts) parts.push(await listedContacts(context, condition, query));
    else for (const condition of accounts) parts.push(await listedAccounts(context, condition, query));
    return mergedParties(parts.map((items) => ({ items, isAll: items.length < most })));
  };
}

function placeIn([id, ...keys]: readonly unknown[]): Place {
  return { id: String(id), keys: keys.map((key) => (key === null ? null : String(key))) };
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
): Promise<ReadonlyMap<string, DirectoryEntry>> {
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
  const entries = new Map<string, DirectoryEntry>();
  for (const party of parties) {
    const membership = best.get(party.id);
    if (membership === undefined) continue;
    const { joinedOn, number } = memberships.get(membership.membershipId)!;
    const since = latest(joinedOn, membership.through?.validFrom ?? null);
    entries.set(party.id, entryOf(party, { audience, level: levels.get(membership.levelId)!, since, number }));
  }
  return entries;
}

async function isInternal(context: MembershipsContext, levelId: string | undefined): Promise<boolean> {
  const level = levelId === undefined ? undefined : (await levelsById(context, [levelId])).get(levelId);
  return level?.visibility === "internal";
}

interface Told {
  readonly audience: Audience;
  readonly level: LevelRecord;
  readonly since: string | null;
  readonly number: string | null;
}

function entryOf(party: ListedParty, { audience, level, since, number }: Told): DirectoryEntry {
  const { id, keys: _, listing, name, ...fields } = party;
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
