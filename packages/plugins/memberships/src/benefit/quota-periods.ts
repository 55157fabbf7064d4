/** The periods that quotas are for: pure functions of days. */
import { addDays, addMonths } from "@relata/core/plugin";
import { FIRST_DAY, LAST_DAY } from "../status/day-offset.ts";
import type { benefitPeriods } from "./membership-benefit.ts";

export interface QuotaPeriod {
  readonly from: string;
  /** The last day. */
  readonly until: string;
}

/** What of a chain of terms says where periods begin. */
export interface ChainDays {
  readonly chainStartsOn: string;
  /** The first days of terms that are no mere change of level within one, in their order. */
  readonly termStarts: readonly string[];
}

/** From the one in which the chain begins to the one in which the day lies, which is not before the chain. */
export function quotaPeriods(
  period: (typeof benefitPeriods)[number],
  { chainStartsOn, termStarts }: ChainDays,
  day: string,
): readonly QuotaPeriod[] {
  switch (period) {
    case "lifetime":
      return [{ from: FIRST_DAY, until: LAST_DAY }];
    case "term":
      return periodsFrom((at) => termStarts[at], day);
    case "year":
      return periodsFrom((at) => monthsAfter(chainStartsOn, at * 12), day);
    case "month":
      return periodsFrom((at) => monthsAfter(chainStartsOn, at), day);
    case "calendar_year":
      return periodsFrom((at) => monthsAfter(`${chainStartsOn.slice(0, 4)}-01-01`, at * 12), day);
    case "calendar_month":
      return periodsFrom((at) => monthsAfter(`${chainStartsOn.slice(0, 7)}-01`, at), day);
  }
}

/** Counted from the start, and clamped to the month, as the terms of a chain are; undefined after the end of the calendar. */
function monthsAfter(day: string, months: number): string | undefined {
  const last = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + months;
  return last >= 120_000 ? undefined : addMonths(day, months);
}

function periodsFrom(startOf: (at: number) => string | undefined, day: string): readonly QuotaPeriod[] {
  const periods: QuotaPeriod[] = [];
  for (let at = 0, from = startOf(0); from !== undefined && from <= day; at += 1) {
    const next = startOf(at + 1);
    periods.push({ from, until: next === undefined ? LAST_DAY : addDays(next, -1) });
    from = next;
  }
  return periods;
}
