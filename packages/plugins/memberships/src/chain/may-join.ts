/** Who may join a level: of which kind, how old, a member of what, and whether there is a seat left. */
import { addMonths, count, isDate } from "@relata/core/plugin";
import { countingWhere, onDay } from "../count/rule-conditions.ts";
import { membershipsOfParties } from "../inheritance/memberships-of.ts";
import type { LevelRecord, MembershipsContext, ProgramRecord } from "../parts.ts";
import { readRules } from "../status/read-rules.ts";
import type { ReadPlan } from "./read-chain.ts";

export interface Joining {
  readonly contactId: string | null;
  readonly accountId: string | null;
  readonly day: string;
  /** The membership that asks, where there is one: it does not stand in its own way. */
  readonly membershipId?: string | undefined;
}

/**
 * A contact of which only the year of birth is known is refused where the level asks for an age: it could be either. Seats are taken by
 * memberships that count on the day, that pause, and that wait for their first payment. The names that keep two from taking one seat are locked.
 *
 * @throws `may_not_join`, `no_seats`, `not_found`
 */
export async function requireMayJoin(tx: MembershipsContext, { level, program }: ReadPlan, joining: Joining) {
  const reason = await reasonAgainst(tx, level, joining);
  if (reason !== undefined) {
    const member = joining.contactId ? `Contact ${joining.contactId}` : `Account ${joining.accountId}`;
    throw tx.error("may_not_join", { entity: "membershipLevel", id: level.id, member, level: level.key, reason });
  }
  await requireSeats(tx, { level, program }, joining);
}

/** @throws `no_seats` */
export async function requireSeats(
  tx: MembershipsContext,
  { level, program }: Pick<ReadPlan, "level" | "program">,
  joining: Pick<Joining, "day" | "membershipId">,
): Promise<void> {
  await requireSeat(tx, program, joining);
  await requireSeat(tx, level, joining);
}

async function reasonAgainst(
  tx: MembershipsContext,
  level: LevelRecord,
  { contactId, accountId, day }: Joining,
): Promise<string | undefined> {
  if (contactId !== null) {
    const contact = await tx.contacts.get(contactId);
    if (level.memberKind !== "person") return `it is for ${level.memberKind}s, and a contact is a person`;
    if (contact.archivedAt !== null) return "the contact is archived, and must be restored first";
    if (contact.deathDate !== null) return "the person is deceased";
    const against = ageAgainst(level, contact.birthDate, day);
    if (against !== undefined) return against;
  } else {
    const { kind, archivedAt } = await tx.accounts.get(accountId!);
    if (archivedAt !== null) return "the account is archived, and must be restored first";
    if (level.memberKind !== kind) return `it is for ${level.memberKind}s, and the account is of kind ${kind}`;
  }
  return prerequisiteAgainst(tx, level, { contactId, accountId, day });
}

function ageAgainst({ minAge, maxAge }: LevelRecord, birthDate: string | null, day: string): string | undefined {
  if (minAge === null && maxAge === null) return undefined;
  if (birthDate === null || !isDate(birthDate))
    return "the date of birth is not known to the day, and an age is asked for";
  if (minAge !== null && addMonths(birthDate, minAge * 12) > day)
    return `the person is younger than ${minAge} on ${day}`;
  if (maxAge !== null && addMonths(birthDate, (maxAge + 1) * 12) <= day)
    return `the person is older than ${maxAge} on ${day}`;
  return undefined;
}

/** A membership through another member fulfils it too. */
async function prerequisiteAgainst(
  tx: MembershipsContext,
  { requiresProgramId, requiresLevelId }: LevelRecord,
  { contactId, accountId, day }: Joining,
): Promise<string | undefined> {
  if (requiresProgramId === null) return undefined;
  const parties = contactId ? { contactIds: [contactId] } : { accountIds: [accountId!] };
  const found = await membershipsOfParties(tx, parties, { day, programId: requiresProgramId });
  const standing = (found.get((contactId ?? accountId)!) ?? []).filter(({ counts }) => counts);
  if (standing.length === 0) return `a membership of program ${requiresProgramId} is required on ${day}`;
  if (requiresLevelId !== null && !standing.some(({ levelId }) => levelId === requiresLevelId))
    return `level ${requiresLevelId} of that program is required on ${day}`;
  return undefined;
}

async function requireSeat(
  tx: MembershipsContext,
  place: LevelRecord | ProgramRecord,
  { day, membershipId }: Pick<Joining, "day" | "membershipId">,
): Promise<void> {
  const { seats } = place;
  if (seats === null) return;
  const isLevel = "rank" in place;
  await tx.lock(isLevel ? `membershipLevel:${place.id}` : `membershipProgram:${place.id}`);
  const programId = isLevel ? place.programId : place.id;
  const rules = (await readRules(tx, [programId])).of(programId);
  const taking = { or: [{ state: "pending" }, { state: "paused" }, countingWhere(rules, day)] } as const;
  const [row] = await tx.membershipSpans.aggregate({
    where: {
      ...(isLevel ? { levelId: place.id } : { programId }),
      ...(membershipId === undefined ? {} : { membershipId: { ne: membershipId } }),
      and: [onDay(day), taking],
    },
    measures: { taken: count() },
    archived: "include",
  });
  const { taken } = row!;
  if (taken < seats) return;
  const entity = isLevel ? "membershipLevel" : "membershipProgram";
  throw tx.error("no_seats", { entity, id: place.id, of: `${isLevel ? "Level" : "Program"} ${place.key}`, seats, day });
}
