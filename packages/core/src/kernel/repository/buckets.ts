/** How days are put into buckets: the calendar's own, and those of a tenant's fiscal calendar. */
import type { CalendarPeriod, FiscalBucket, TenantCalendar } from "../plugin/provided.ts";
import { dayAt, dayNumberOf, firstOfMonth, mondayOf, quarterOf } from "../value/calendar.ts";
import type { TimeZone } from "../value/time-zone.ts";
import type { Bucket } from "./aggregate.ts";

type PlainBucket = Exclude<Bucket, FiscalBucket>;

/** The period that a day lies in. */
export type PeriodOf = (day: string) => CalendarPeriod;

const PLAIN: Readonly<Record<PlainBucket, PeriodOf>> = {
  day: (day) => ({ name: day, from: day, until: day }),
  week(day) {
    const from = mondayOf(day);
    return { name: from, from, until: dayAt(dayNumberOf(from) + 6) };
  },
  month: (day) => months(day, { name: day.slice(0, 7), count: 1 }),
  quarter: (day) => months(day, { name: quarterOf(day), count: 3 }),
  year: (day) => months(day, { name: day.slice(0, 4), count: 12 }),
};

const FISCAL: readonly FiscalBucket[] = ["fiscal_year", "fiscal_quarter", "fiscal_month", "fiscal_week"];

export const bucketNames: readonly string[] = [...Object.keys(PLAIN), ...FISCAL];

export function isBucket(name: unknown): name is Bucket {
  return typeof name === "string" && bucketNames.includes(name);
}

export function isFiscal(bucket: Bucket): bucket is FiscalBucket {
  return (FISCAL as readonly string[]).includes(bucket);
}

/** `calendar` is there for the fiscal ones. */
export function periodOf(bucket: Bucket, calendar: TenantCalendar | undefined): PeriodOf {
  return isFiscal(bucket) ? (day) => calendar!.periodOf(bucket, day) : PLAIN[bucket];
}

/** Whether a bucket is made of whole months, so that the database may add up by month. */
export function isOfMonths(bucket: Bucket, calendar: TenantCalendar | undefined): boolean {
  if (isFiscal(bucket)) return bucket !== "fiscal_week" && calendar!.ofMonths;
  return bucket !== "day" && bucket !== "week";
}

function months(day: string, { name, count }: { readonly name: string; readonly count: number }): CalendarPeriod {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))];
  const first = month - ((month - 1) % count);
  return { name, from: dayAt(firstOfMonth(year, first)), until: dayAt(firstOfMonth(year, first + count) - 1) };
}

/**
 * The first instants, in a time zone, of the periods from the one of `first` to the one after that of `last`, with their names: in order,
 * at most `most` of them; undefined where there are more.
 */
export function startsBetween(
  [first, last]: readonly [number, number],
  { zone, periodOf: period, most }: { readonly zone: TimeZone; readonly periodOf: PeriodOf; readonly most: number },
): ReadonlyMap<number, string> | undefined {
  const starts = new Map<number, string>();
  let current = period(zone.dayOf(first));
  for (;;) {
    const start = zone.startOf(current.from);
    // A day that the place has skipped begins where the next one does, and gives way to it.
    starts.set(start, current.name);
    if (start > last || current.until >= LAST_DAY) return starts;
    if (starts.size === most) return undefined;
    current = period(dayAt(dayNumberOf(current.until) + 1));
  }
}

const LAST_DAY = "9999-12-31";
