/** How two intervals stand to each other in time. */
import { compareDays, type DayInterval, dayAfter, firstDay, lastDay, requireIntervals } from "./day-interval.ts";

/**
 * The thirteen relations of J. F. Allen, "Maintaining knowledge about temporal intervals" (Communications of the ACM 26, 1983). Of any two
 * intervals exactly one holds. Days are whole: of two that meet, the one begins on the day after the other's last.
 */
export const timeRelations = [
  "before",
  "meets",
  "overlaps",
  "finished_by",
  "contains",
  "starts",
  "equals",
  "started_by",
  "during",
  "finishes",
  "overlapped_by",
  "met_by",
  "after",
] as const;
export type TimeRelation = (typeof timeRelations)[number];

/**
 * How the first stands to the second: "during" when it lies within it, with days of the second on both sides. Two ends that are open are
 * the same end.
 *
 * @throws `invalid_input` for a day that does not exist, and an end before its start
 */
export function timeRelation(a: DayInterval, b: DayInterval): TimeRelation {
  requireIntervals([a, b]);
  if (lastDay(a) < firstDay(b)) return dayAfter(lastDay(a)) === firstDay(b) ? "meets" : "before";
  if (lastDay(b) < firstDay(a)) return dayAfter(lastDay(b)) === firstDay(a) ? "met_by" : "after";
  const starts = compareDays(firstDay(a), firstDay(b));
  const ends = compareDays(lastDay(a), lastDay(b));
  if (starts === 0) return ends === 0 ? "equals" : ends < 0 ? "starts" : "started_by";
  if (starts < 0) return ends === 0 ? "finished_by" : ends < 0 ? "overlaps" : "contains";
  return ends === 0 ? "finishes" : ends < 0 ? "during" : "overlapped_by";
}

/** How the second stands to the first. */
export function inverseRelation(relation: TimeRelation): TimeRelation {
  // The list is in the order of the ends, so that each stands as far from the middle as its inverse.
  return timeRelations[timeRelations.length - 1 - timeRelations.indexOf(relation)]!;
}
