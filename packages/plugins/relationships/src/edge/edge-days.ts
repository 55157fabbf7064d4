/** The days of relationships. Both ends are part of the interval, and one that is null is open. */
import { FIRST_DAY, LAST_DAY } from "../interval/day-interval.ts";

/**
 * Which days are meant. `stated`: the days as they stand. `possible`: also those before a first day that is "at the latest", and those after a
 * last day that is "at the earliest". `certain`: without those that need not be: after a first day that is "at the earliest", and before a last day that
 * is "at the latest". "About" a day is taken as that day.
 */
export const certainties = ["stated", "certain", "possible"] as const;
export type Certainty = (typeof certainties)[number];

type Bound = "exact" | "about" | "at_latest" | "at_earliest";

/** An interval of days. */
export interface Days {
  readonly from: string | null;
  readonly until: string | null;
}

/** What an edge says of its days. */
export interface StatedDays {
  readonly validFrom: string | null;
  readonly validFromIs: Bound;
  readonly validUntil: string | null;
  readonly validUntilIs: Bound;
}

/** The days of an edge; undefined where it is certain on none. */
export function daysOf(edge: StatedDays, certainty: Certainty = "stated"): Days | undefined {
  const { validFrom, validFromIs, validUntil, validUntilIs } = edge;
  if (certainty === "stated") return { from: validFrom, until: validUntil };
  if (certainty === "possible")
    return {
      from: validFromIs === "at_latest" ? null : validFrom,
      until: validUntilIs === "at_earliest" ? null : validUntil,
    };
  const mayStartLater = validFrom !== null && validFromIs === "at_earliest";
  const mayEndEarlier = validUntil !== null && validUntilIs === "at_latest";
  // What has begun on some day until the last one has begun by the last one; the same for the end.
  const from = mayStartLater ? validUntil : validFrom;
  const until = mayEndEarlier ? validFrom : validUntil;
  if (mayStartLater && (from === null || mayEndEarlier)) return undefined;
  if (mayEndEarlier && until === null) return undefined;
  return { from, until };
}

export function isValidOn(edge: StatedDays, day: string, certainty: Certainty = "stated"): boolean {
  const days = daysOf(edge, certainty);
  return days !== undefined && (days.from ?? FIRST_DAY) <= day && day <= (days.until ?? LAST_DAY);
}

/** The condition on edges that are valid on a day; of those that are certain, `isValidOn` tells the rest. */
export function validOn(day: string, certainty: Certainty = "stated") {
  return validDuring({ from: day, until: day }, certainty);
}

/** The condition on edges that are valid on any of these days. */
export function validDuring({ from, until }: Days, certainty: Certainty = "stated") {
  const begun = [{ validFrom: null }, { validFrom: { lte: until ?? LAST_DAY } }];
  const notOver = [{ validUntil: null }, { validUntil: { gte: from ?? FIRST_DAY } }];
  const isPossible = certainty === "possible";
  return {
    and: [
      { or: isPossible ? [...begun, { validFromIs: "at_latest" as const }] : begun },
      { or: isPossible ? [...notOver, { validUntilIs: "at_earliest" as const }] : notOver },
    ],
  };
}
