/** Days of edges. Both ends are part of the interval, and one that is null is open. */
import { addDays } from "@relata/core/plugin";

/** When an edge is valid. */
export interface Validity {
  readonly validFrom: string | null;
  readonly validUntil: string | null;
}

/** Days in the order of the calendar, as text; what is open ends here. */
export const FIRST_DAY = "0001-01-01";
export const LAST_DAY = "9999-12-31";

/** The condition on edges of a day. */
export function validOn(day: string) {
  return {
    and: [
      { or: [{ validFrom: null }, { validFrom: { lte: day } }] },
      { or: [{ validUntil: null }, { validUntil: { gte: day } }] },
    ],
  };
}

export function firstDay({ validFrom }: Validity): string {
  return validFrom ?? FIRST_DAY;
}

export function lastDay({ validUntil }: Validity): string {
  return validUntil ?? LAST_DAY;
}

export function overlap(a: Validity, b: Validity): boolean {
  return firstDay(a) <= lastDay(b) && firstDay(b) <= lastDay(a);
}

/** Whether the second interval lies within the first one. */
export function includes(outer: Validity, inner: Validity): boolean {
  return firstDay(outer) <= firstDay(inner) && lastDay(inner) <= lastDay(outer);
}

/** The day after an end; undefined where nothing comes after. */
export function dayAfter(day: string): string | undefined {
  return day === LAST_DAY ? undefined : addDays(day, 1);
}

/** The day before a beginning; undefined where nothing comes before. */
export function dayBefore(day: string): string | undefined {
  return day === FIRST_DAY ? undefined : addDays(day, -1);
}
