/** Who has a seat where there are not enough for all: a pure function. */
import { compareText } from "@relata/core/plugin";
import { lastDayOf } from "../chain/deaths.ts";

/** A person with a tie to a member that gives its membership. */
export interface Heir {
  readonly contactId: string;
  /** The affiliation, or the tie of another plugin, and what it is. */
  readonly through: {
    readonly entity: "affiliation" | "relationship";
    readonly id: string;
    /** The kind of the affiliation, or the type of the relationship. */
    readonly type: string;
    readonly role: string | null;
  };
  /** The first and the last day of the tie; null: open. */
  readonly validFrom: string | null;
  readonly validUntil: string | null;
}

export interface Candidate extends Heir {
  readonly createdAt: Date;
  readonly deceased: boolean;
}

/** Why somebody with a tie has no membership by it. */
export type WithoutReason = "no_seat" | "deceased" | "membership_does_not_count";

export interface Seats {
  readonly members: readonly Heir[];
  readonly without: readonly (Heir & { readonly reason: WithoutReason })[];
}

/**
 * In the order of the first days of their ties (open ones first), then of the instants at which these were recorded, then of their ids: whoever
 * has been there for longer keeps the seat. A person with several ties has one seat, by the first of them. The dead have none.
 */
export function takeSeats(
  candidates: readonly Candidate[],
  { seats, counts }: { readonly seats: number | null; readonly counts: boolean },
): Seats {
  const first = new Map<string, Candidate>();
  for (const candidate of candidates.toSorted(byLength))
    if (!first.has(candidate.contactId)) first.set(candidate.contactId, candidate);
  const members: Heir[] = [];
  const without: (Heir & { readonly reason: WithoutReason })[] = [];
  for (const { createdAt: _, deceased, ...heir } of first.values()) {
    if (!counts) without.push({ ...heir, reason: "membership_does_not_count" });
    else if (deceased) without.push({ ...heir, reason: "deceased" });
    else if (seats !== null && members.length >= seats) without.push({ ...heir, reason: "no_seat" });
    else members.push(heir);
  }
  return { members, without };
}

function byLength(a: Candidate, b: Candidate): number {
  return (
    compareText(a.validFrom ?? "", b.validFrom ?? "") ||
    a.createdAt.getTime() - b.createdAt.getTime() ||
    compareText(a.through.id, b.through.id)
  );
}

/** Whether somebody has died by the day, or on it; of a month or a year that is its last day. */
export function isDeceased(deathDate: string | null, day: string): boolean {
  return deathDate !== null && lastDayOf(deathDate) <= day;
}
