/** Days of which as much is known as is written: "1980", "1980-05", "1980-05-17". */
import { isDate } from "../../kernel/value/calendar.ts";

/** Whether there is such a year, month or day. */
export function isPartialDate(value: string): boolean {
  return isDate(firstDay(value)) && (value.length === 4 || value.length === 7 || value.length === 10);
}

/** The first day that it may be. */
export function firstDay(value: string): string {
  return `${value}-01-01`.slice(0, Math.max(10, value.length));
}

/** Whether the first is before the second, whatever the days are that are not known. */
export function certainlyBefore(value: string, other: string): boolean {
  const known = Math.min(value.length, other.length);
  return value.slice(0, known) < other.slice(0, known);
}

/** "05-17" of a day that is known. */
export function monthDay(value: string): string | null {
  return value.length === 10 ? value.slice(5) : null;
}
