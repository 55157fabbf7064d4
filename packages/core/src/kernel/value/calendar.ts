/** Days as "YYYY-MM-DD" of the Gregorian calendar. No time zone is involved. */
import { CrmError } from "../../errors.ts";

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAY_MS = 86_400_000;

/** Whether the text is a day that exists, from 0001-01-01 to 9999-12-31. */
export function isDate(value: string): boolean {
  const parts = DATE.exec(value);
  if (!parts) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The day of an instant in UTC. */
export function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}

/** Days from one day to another; negative when the second is the earlier one. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS;
}

/** So many days later; earlier, when `days` is negative. @throws `invalid_input` beyond the years 1 to 9999 */
export function addDays(day: string, days: number): string {
  return dayWithin(new Date(Date.parse(day) + days * DAY_MS), day);
}

/**
 * The same day of the month so many months later; earlier, when `months` is negative. Where the month has no such day, its last one:
 * a month after 31 January is 28 or 29 February. Two steps of one month are therefore not always one of two.
 *
 * @throws `invalid_input` beyond the years 1 to 9999
 */
export function addMonths(day: string, months: number): string {
  const [year, month, wanted] = day.split("-").map(Number) as [number, number, number];
  const first = new Date(0);
  first.setUTCFullYear(year, month - 1 + months, 1);
  const last = daysInMonth(first.getUTCFullYear(), first.getUTCMonth() + 1);
  first.setUTCDate(Math.min(wanted, last));
  return dayWithin(first, day);
}

function dayWithin(date: Date, from: string): string {
  const year = date.getUTCFullYear();
  if (year >= 1 && year <= 9999) return dayOf(date);
  throw new CrmError("invalid_input", `What is asked for from ${from} is a day outside of the years 1 to 9999.`, {
    details: { day: from },
  });
}

/** In the order of ISO 8601. */
export const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
export type Weekday = (typeof weekdays)[number];

/** Days since 1970-01-01, for arithmetic that may leave the years that a day can have. */
export function dayNumberOf(day: string): number {
  return Date.parse(day) / DAY_MS;
}

/** The day of such a number; the first or the last day that there is, where it lies beyond. */
export function dayAt(dayNumber: number): string {
  if (dayNumber <= FIRST_DAY) return "0001-01-01";
  return dayNumber >= LAST_DAY ? "9999-12-31" : dayOf(new Date(dayNumber * DAY_MS));
}

const FIRST_DAY = dayNumberOf("0001-01-01");
const LAST_DAY = dayNumberOf("9999-12-31");

/** The number of the first day of a month; months beyond 1 to 12 are those of other years. */
export function firstOfMonth(year: number, month: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, 1) / DAY_MS;
}

/** The number of the last such weekday on or before the day of this number. */
export function lastWeekday(weekday: Weekday, dayNumber: number): number {
  // 1970-01-01 was a Thursday.
  const since = dayNumber + 3 - weekdays.indexOf(weekday);
  return dayNumber - (((since % 7) + 7) % 7);
}

/** The Monday of the day's ISO week (ISO 8601). */
export function mondayOf(day: string): string {
  return dayAt(lastWeekday("monday", dayNumberOf(day)));
}

/** "2026-11" to "2026-Q4". */
export function quarterOf(month: string): string {
  return `${month.slice(0, 4)}-Q${Math.ceil(Number(month.slice(5, 7)) / 3)}`;
}
