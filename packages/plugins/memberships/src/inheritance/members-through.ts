/** Who is a member through another member on a day. Nothing of it is stored: it ends with the tie, and with the member's status. */
import type { LevelRecord, MembershipsContext, SpanRecord } from "../parts.ts";
import type { Status } from "../status/status-on.ts";
import { statusesOn } from "../status/statuses-on.ts";
import { candidatesOf, type Owner } from "./candidates.ts";
import { inheritanceOf, inherits } from "./inheritance-rule.ts";
import { type Seats, takeSeats } from "./seats.ts";

export interface MembersThrough extends Seats {
  readonly membershipId: string;
  readonly on: string;
  /** The member's own; null where there is none on the day. */
  readonly status: string | null;
  readonly counts: boolean;
  readonly levelId: string | null;
  /** How many may have it; null: any number. */
  readonly seats: number | null;
}

/** A membership on a day, with the parties that it is of. */
export interface Standing extends Status {
  readonly span: SpanRecord;
  readonly contactId: string | null;
  readonly accountId: string | null;
}

/** By id, those of the memberships that are there. A constant number of queries for each five hundred. */
export async function membersThrough(
  context: MembershipsContext,
  membershipIds: readonly string[],
  day: string,
): Promise<ReadonlyMap<string, MembersThrough>> {
  const ids = [...new Set(membershipIds)];
  const statuses = await statusesOn(context, ids, day);
  const standings = new Map<string, Standing>();
  const absent: string[] = [];
  for (let at = 0; at < ids.length; at += 1_000) {
    const where = { id: { in: ids.slice(at, at + 1_000) } };
    const select = ["contactId", "accountId"] as const;
    for await (const { id, contactId, accountId } of context.memberships.iterate({
      where,
      select,
      archived: "include",
    })) {
      const status = statuses.get(id);
      if (status) standings.set(id, { ...status, contactId, accountId });
      else absent.push(id);
    }
  }
  const none = { on: day, status: null, counts: false, levelId: null, seats: null, members: [], without: [] };
  return new Map([
    ...(await throughStandings(context, standings, day)),
    ...absent.map((membershipId): [string, MembersThrough] => [membershipId, { membershipId, ...none }]),
  ]);
}

/** The same of memberships whose statuses have been read. */
export async function throughStandings(
  context: MembershipsContext,
  standings: ReadonlyMap<string, Standing>,
  day: string,
): Promise<ReadonlyMap<string, MembersThrough>> {
  const levels = await levelsById(context, [...new Set([...standings.values()].map(({ span }) => span.levelId))]);
  const owners: Owner[] = [];
  for (const [membershipId, { span, contactId, accountId }] of standings) {
    const level = levels.get(span.levelId)!;
    if (inherits(level)) owners.push({ membershipId, contactId, accountId, rule: inheritanceOf(level) });
  }
  const candidates = await candidatesOf(context, owners, day);
  const found = new Map<string, MembersThrough>();
  for (const [membershipId, { span, status, counts }] of standings) {
    const seats = levels.get(span.levelId)!.maxInherited;
    const taken = takeSeats(candidates.get(membershipId) ?? [], { seats, counts });
    found.set(membershipId, { membershipId, on: day, status, counts, levelId: span.levelId, seats, ...taken });
  }
  return found;
}

/** Archived ones too: memberships stay on them. */
export async function levelsById(
  context: MembershipsContext,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LevelRecord>> {
  const levels = new Map<string, LevelRecord>();
  for (let at = 0; at < ids.length; at += 1_000) {
    const where = { id: { in: ids.slice(at, at + 1_000) } };
    for await (const level of context.membershipLevels.iterate({ where, archived: "include" }))
      levels.set(level.id, level);
  }
  return levels;
}
