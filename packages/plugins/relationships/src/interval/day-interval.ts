/** Days from one to another, both included. */
import { addDays, type InputIssue, invalidInput, isDate } from "@relata/core/plugin";

/** A bound that is null is open. Relationships, offices and engagements are intervals as they are. */
export interface DayInterval {
  readonly validFrom: string | null;
  readonly validUntil: string | null;
}

/** Days in the order of the calendar, as text; what is open ends here. */
export const FIRST_DAY = "0001-01-01";
export const LAST_DAY = "9999-12-31";

export function firstDay({ validFrom }: DayInterval): string {
  return validFrom ?? FIRST_DAY;
}

export function lastDay({ validUntil }: DayInterval): string {
  return validUntil ?? LAST_DAY;
}

/** The days between two; a bound that is the first or the last day of all is open. */
export function intervalOf(first: string, last: string): DayInterval {
  return { validFrom: first === FIRST_DAY ? null : first, validUntil: last === LAST_DAY ? null : last };
}

export function holdsOn(interval: DayInterval, day: string): boolean {
  return firstDay(interval) <= day && day <= lastDay(interval);
}

/** Whether the second interval lies within the first one. */
export function includes(outer: DayInterval, inner: DayInterval): boolean {
  return firstDay(outer) <= firstDay(inner) && lastDay(inner) <= lastDay(outer);
}

/** Whether there is a day that both have. */
export function shareDay(a: DayInterval, b: DayInterval): boolean {
  return firstDay(a) <= lastDay(b) && firstDay(b) <= lastDay(a);
}

/** Undefined where nothing comes after. */
export function dayAfter(day: string): string | undefined {
  return day === LAST_DAY ? undefined : addDays(day, 1);
}

/** Undefined where nothing comes before. */
export function dayBefore(day: string): string | undefined {
  return day === FIRST_DAY ? undefined : addDays(day, -1);
}

/** Those that begin earlier first; of these, those that end earlier. */
export function compareIntervals(a: DayInterval, b: DayInterval): number {
  return compareDays(firstDay(a), firstDay(b)) || compareDays(lastDay(a), lastDay(b));
}

export function compareDays(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** @throws `invalid_input` for a day that does not exist, and an end before its start */
export function requireIntervals(intervals: readonly DayInterval[]): void {
  const numbered = intervals.length > 1;
  const issues = intervals.flatMap((interval, index) =>
    issuesOf(interval).map((issue) => (numbered ? { ...issue, index } : issue)),
  );
  if (issues.length > 0) throw invalidInput("interval", issues);
}

function issuesOf({ validFrom, validUntil }: DayInterval): readonly InputIssue[] {
  const wrong = Object.entries({ validFrom, validUntil }).flatMap(([field, day]) =>
    day === null || (typeof day === "string" && isDate(day))
      ? []
      : [{ field, code: "invalid_value", message: "is neither a day that exists, as YYYY-MM-DD, nor null" }],
  );
  if (wrong.length > 0 || validFrom === null || validUntil === null || validFrom <= validUntil) return wrong;
  return [{ field: "validUntil", code: "out_of_range", message: `is before the first day, ${validFrom}` }];
}
