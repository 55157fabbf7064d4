/** Fiscal calendars: years of twelve calendar months from any month on, or of 52 or 53 weeks. Pure rules about days. */
import * as z from "zod";
import { invalidInput } from "../../kernel/entity/input-issues.ts";
import {
  addDays,
  dayAt,
  dayNumberOf,
  firstOfMonth,
  isDate,
  lastWeekday,
  type Weekday,
  weekdays,
} from "../../kernel/value/calendar.ts";

/** A year that is not a calendar year has the number of the calendar year in which it nominally starts, or ends. */
type NamedBy = "start" | "end";

/** Years that start on the first day of a month. */
export interface MonthsCalendar {
  readonly kind: "months";
  /** 1 to 12. */
  readonly startMonth: number;
  /** Means nothing where the year starts in January. */
  readonly namedBy: NamedBy;
}

/** Years of 52 weeks, now and then 53: the last week then belongs to the last month. */
export interface WeeksCalendar {
  readonly kind: "weeks";
  /** The weeks of the months of each quarter. */
  readonly pattern: "4-4-5" | "4-5-4" | "5-4-4";
  /** The last such weekday of the month, or the one nearest to the month's last day, which may be in the next month. */
  readonly yearEnd: { readonly rule: "last" | "nearest"; readonly weekday: Weekday; readonly month: number };
  readonly namedBy: NamedBy;
}

export type FiscalCalendar = MonthsCalendar | WeeksCalendar;

/** What is accepted as a fiscal calendar. */
export function fiscalCalendarSchema(): z.ZodType<FiscalCalendar> {
  const month = z.int().min(1, "must be 1 to 12").max(12, "must be 1 to 12");
  const namedBy = z.enum(["start", "end"]);

  return z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("months"), startMonth: month, namedBy }),
    z.strictObject({
      kind: z.literal("weeks"),
      pattern: z.enum(["4-4-5", "4-5-4", "5-4-4"]),
      yearEnd: z.strictObject({ rule: z.enum(["last", "nearest"]), weekday: z.enum(weekdays), month }),
      namedBy,
    }),
  ]);
}

/** The part of a tenant's settings that says how its days are grouped. */
export interface CalendarSettings {
  readonly fiscalCalendar: FiscalCalendar;
  /** The first day of weeks that are not those of a fiscal calendar of weeks. */
  readonly weekStart: Weekday;
}

export type FiscalUnit = "year" | "quarter" | "month" | "week";

export interface FiscalPeriod {
  readonly unit: FiscalUnit;
  /**
   * Of calendar years: "2026", "2026-Q4", "2026-12". Of others: "FY2026", "FY2026-Q4", "FY2026-P12". Weeks of a calendar of weeks:
   * "FY2026-W53"; other weeks are named by their first day. In one calendar, names sort as their periods do.
   */
  readonly name: string;
  /** The fiscal year; of a week that two years share, the one in which it starts. */
  readonly year: number;
  readonly from: string;
  /** The last day. */
  readonly until: string;
}

/** The period that a day lies in. Of the years 1 and 9999, days that do not exist are left out. */
export function fiscalPeriodOf(settings: CalendarSettings, unit: FiscalUnit, day: string): FiscalPeriod {
  const { fiscalCalendar: calendar, weekStart } = settings;
  const number = dayNumberOf(day);
  if (unit === "week" && calendar.kind === "months") return plainWeek(calendar, lastWeekday(weekStart, number));
  const year = yearAt(calendar, number);
  const starts = startsOf(year, unit);
  const at = starts.findLastIndex((start) => start <= number);
  return periodAt(calendar, year, { unit, starts, at });
}

/** The periods of a fiscal year, in order. Of plain weeks, those that start in it. */
export function fiscalPeriodsOf(settings: CalendarSettings, unit: FiscalUnit, year: number): readonly FiscalPeriod[] {
  const { fiscalCalendar: calendar, weekStart } = settings;
  const fiscalYear = yearOf(calendar, year);
  if (unit === "week" && calendar.kind === "months") {
    const first = lastWeekday(weekStart, fiscalYear.months[0]! + 6);
    const count = Math.ceil((fiscalYear.months[12]! - first) / 7);
    return Array.from({ length: count }, (_, i) => plainWeek(calendar, first + 7 * i));
  }
  const starts = startsOf(fiscalYear, unit);
  return starts.slice(0, -1).map((_, at) => periodAt(calendar, fiscalYear, { unit, starts, at }));
}

/** The period of a name, as `FiscalPeriod.name` has it. @throws `invalid_input` for what names none in this calendar. */
export function fiscalPeriod(settings: CalendarSettings, name: string): FiscalPeriod {
  if (isDate(name)) {
    const week = fiscalPeriodOf(settings, "week", name);
    if (week.name === name) return week;
  }
  const [, year, letter] = NAME.exec(name) ?? [];
  const unit = UNITS.get(letter);
  const periods = Number(year) >= 1 && unit ? fiscalPeriodsOf(settings, unit, Number(year)) : [];
  const found = periods.find((period) => period.name === name);
  if (found) return found;
  const example = fiscalPeriodsOf(settings, "quarter", 2026)[3]!.name;
  const message = `is "${name}", which names no period of the fiscal calendar: its names are like "${example}"`;
  throw invalidInput("settings", [{ field: "period", code: "not_allowed", message }]);
}

/** The period so many periods later; earlier, when `by` is negative. */
export function shiftFiscalPeriod(settings: CalendarSettings, period: FiscalPeriod, by: number): FiscalPeriod {
  let shifted = period;
  for (let step = 0; step < Math.abs(by); step++) {
    const next = by > 0 ? addDays(shifted.until, 1) : addDays(shifted.from, -1);
    shifted = fiscalPeriodOf(settings, period.unit, next);
  }
  return shifted;
}

const NAME = /^(?:FY)?(\d{4})(?:-([QPW]?)\d{1,2})?$/;
const UNITS: ReadonlyMap<string | undefined, FiscalUnit> = new Map([
  [undefined, "year"],
  ["Q", "quarter"],
  ["", "month"],
  ["P", "month"],
  ["W", "week"],
]);

/** The first days of the twelve months, and the day after the last one, as numbers. */
interface FiscalYear {
  readonly year: number;
  readonly months: readonly number[];
}

function yearOf(calendar: FiscalCalendar, year: number): FiscalYear {
  if (calendar.kind === "months") {
    const { startMonth, namedBy: by } = calendar;
    const startYear = by === "end" && startMonth > 1 ? year - 1 : year;
    return { year, months: Array.from({ length: 13 }, (_, i) => firstOfMonth(startYear, startMonth + i)) };
  }
  const endYear = calendar.namedBy === "start" && calendar.yearEnd.month < 12 ? year + 1 : year;
  const months = [yearEndOf(calendar, endYear - 1) + 1];
  const weeks = calendar.pattern.split("-").map(Number);
  for (let i = 0; i < 11; i++) months.push(months[i]! + 7 * weeks[i % 3]!);
  return { year, months: [...months, yearEndOf(calendar, endYear) + 1] };
}

function yearEndOf({ yearEnd: { rule, weekday, month: ofMonth } }: WeeksCalendar, year: number): number {
  const monthEnd = firstOfMonth(year, ofMonth + 1) - 1;
  const last = lastWeekday(weekday, monthEnd);
  return rule === "last" || monthEnd - last <= 3 ? last : last + 7;
}

function yearAt(calendar: FiscalCalendar, dayNumber: number): FiscalYear {
  for (let year = Number(dayAt(dayNumber).slice(0, 4)) + 1; ; year--) {
    const fiscalYear = yearOf(calendar, year);
    if (fiscalYear.months[0]! <= dayNumber) return fiscalYear;
  }
}

/** The first days of the year's periods, and the day after the last one. */
function startsOf({ months }: FiscalYear, unit: FiscalUnit): readonly number[] {
  switch (unit) {
    case "year":
      return [months[0]!, months[12]!];
    case "quarter":
      return months.filter((_, i) => i % 3 === 0);
    case "month":
      return months;
    case "week":
      return Array.from({ length: (months[12]! - months[0]!) / 7 + 1 }, (_, i) => months[0]! + 7 * i);
    default:
      return unit satisfies never;
  }
}

interface Place {
  readonly unit: FiscalUnit;
  readonly starts: readonly number[];
  readonly at: number;
}

function periodAt(calendar: FiscalCalendar, { year }: FiscalYear, { unit, starts, at }: Place): FiscalPeriod {
  const isCalendarYear = calendar.kind === "months" && calendar.startMonth === 1;
  const own = `${isCalendarYear ? "" : "FY"}${String(year).padStart(4, "0")}`;
  const number = String(at + 1).padStart(2, "0");
  const names = {
    year: own,
    quarter: `${own}-Q${at + 1}`,
    month: `${own}-${isCalendarYear ? "" : "P"}${number}`,
    week: `${own}-W${number}`,
  };
  return { unit, name: names[unit], year, from: dayAt(starts[at]!), until: dayAt(starts[at + 1]! - 1) };
}

function plainWeek(calendar: FiscalCalendar, first: number): FiscalPeriod {
  const from = dayAt(first);
  return { unit: "week", name: from, year: yearAt(calendar, dayNumberOf(from)).year, from, until: dayAt(first + 6) };
}
