/** On which days a relationship holds, by how its bounds are meant. */
import type { DayInterval } from "./day-interval.ts";

/**
 * `stated`: from the first day that is written to the last. `possible`: a start "at the latest" may have been at any time before, an end "at the
 * earliest" at any time after. `certain`: only what has no start "at the earliest" and no end "at the latest", for these may leave no day
 * of it.
 */
export type Certainty = "stated" | "certain" | "possible";

type Bound = "exact" | "about" | "at_latest" | "at_earliest";

export interface BoundedInterval extends DayInterval {
  readonly validFromIs: Bound;
  readonly validUntilIs: Bound;
}

/** Undefined where no day is certain. What is "about" a day counts as on that day. */
export function daysOf(
  { validFrom, validFromIs, validUntil, validUntilIs }: BoundedInterval,
  certainty: Certainty = "stated",
): DayInterval | undefined {
  if (certainty === "possible")
    return {
      validFrom: validFromIs === "at_latest" ? null : validFrom,
      validUntil: validUntilIs === "at_earliest" ? null : validUntil,
    };
  const isDoubtful =
    (validFrom !== null && validFromIs === "at_earliest") || (validUntil !== null && validUntilIs === "at_latest");
  return certainty === "certain" && isDoubtful ? undefined : { validFrom, validUntil };
}
