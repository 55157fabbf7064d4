/** Persons who are members through another one alone: each once in a program, however many seats it has there. */
import { compareText } from "@relata/core/plugin";
import { type InheritedMember, inheritedMembers } from "../inheritance/inherited-members.ts";
import type { MembershipsContext } from "../parts.ts";
import { statusInSpan } from "../status/status-on.ts";
import type { RuledPrograms } from "./asked-programs.ts";
import { ofPrograms } from "./asked-programs.ts";
import { onDay } from "./rule-conditions.ts";

/** Of several seats in one program, that of the level with the highest rank, and of those the oldest membership's. */
export interface InheritedPerson extends InheritedMember {
  /** Null where it is not known, or not asked for. */
  readonly birthDate: string | null;
}

export interface InheritedQuery {
  readonly day: string;
  /** Ranks of all levels, by id. */
  readonly ranks: ReadonlyMap<string, number>;
  readonly withAges: boolean;
}

const BATCH = 500;

/** Without those who have a membership of their own in the program that counts on the day. Two queries for five hundred persons, besides those for the seats. */
export async function inheritedPersons(
  context: MembershipsContext,
  { rules, programIds }: RuledPrograms,
  { day, ranks, withAges }: InheritedQuery,
): Promise<readonly InheritedPerson[]> {
  const persons = new Map<string, Map<string, InheritedMember>>();
  for await (const seat of inheritedMembers(context, { day, programIds, rules })) {
    const seats = persons.get(seat.contactId) ?? new Map<string, InheritedMember>();
    const other = seats.get(seat.programId);
    if (other === undefined || isBefore(seat, other, ranks)) seats.set(seat.programId, seat);
    persons.set(seat.contactId, seats);
  }
  const found: InheritedPerson[] = [];
  const ids = [...persons.keys()];
  for (let at = 0; at < ids.length; at += BATCH) {
    const contactId = { in: ids.slice(at, at + BATCH) };
    const own = context.membershipSpans.iterate({
      where: { ...ofPrograms(programIds), ...onDay(day), membership: { contactId } },
      include: { membership: true },
      archived: "include",
    });
    for await (const { membership, ...span } of own)
      if (statusInSpan(span, rules, day)?.counts === true) persons.get(membership!.contactId!)!.delete(span.programId);
    const birthDates = withAges ? await birthDatesOf(context, contactId) : undefined;
    for (const id of contactId.in)
      for (const seat of persons.get(id)!.values()) found.push({ ...seat, birthDate: birthDates?.get(id) ?? null });
  }
  return found;
}

function isBefore(one: InheritedMember, other: InheritedMember, ranks: ReadonlyMap<string, number>): boolean {
  const [rank, otherRank] = [ranks.get(one.levelId) ?? 0, ranks.get(other.levelId) ?? 0];
  return rank === otherRank ? compareText(one.membershipId, other.membershipId) < 0 : rank > otherRank;
}

async function birthDatesOf(context: MembershipsContext, id: { readonly in: readonly string[] }) {
  const found = new Map<string, string | null>();
  for await (const contact of context.contacts.iterate({ where: { id }, select: ["birthDate"], archived: "include" }))
    found.set(contact.id, contact.birthDate);
  return found;
}
