/**
 * The days of terms. Rolling: term k of a chain starts at the anchor plus k lengths, counted from the anchor and clamped to the month (31
 * January, 28 February, 31 March), and ends the day before the next one. Fixed: periods of whole years or months that are everybody's.
 */
import { addDays, daysBetween } from "@relata/core/plugin";
import type { termUnits } from "../program/membership-plan.ts";
import { type DayOffset, offsetDay } from "../status/day-offset.ts";

/** What of a plan says how long its terms are. */
export interface PlanDays {
  readonly unit: (typeof termUnits)[number];
  readonly length: number;
  readonly period: "rolling" | "fixed";
  /** Of fixed years, "MM-DD". */
  readonly startDay: string | null;
  /** "MM-DD" of fixed years, "D" of fixed months. */
  readonly rolloverDay: string | null;
}

/** One term's place in its chain, and its days; `endsOn` is the last one, null for life. */
export interface PlacedTerm {
  readonly anchorOn: string;
  readonly position: number;
  readonly startsOn: string;
  readonly endsOn: string | null;
}

/**
 * The first term of somebody who joins on a day. A rolling one starts then. A fixed one is the period that the day lies in, so that its start
 * may lie before the day; from the roll-over day on it lasts until the end of the following year, or month, whatever the plan's length.
 */
export function firstTerm(plan: PlanDays, day: string): PlacedTerm {
  if (plan.period === "rolling") return rollingTerm(plan, day, 0);
  const { startsOn, rollsOver } = plan.unit === "year" ? fixedYear(plan, day) : fixedMonth(plan, day);
  const lengths = plan.length + (rollsOver ? 1 : 0);
  return { anchorOn: startsOn, position: 0, startsOn, endsOn: addDays(fixedStart(plan, startsOn, lengths), -1) };
}

/**
 * The term after one that ends. It goes on in the chain of the last one's anchor where that one is of the same plan and ends where the chain
 * says; after a pause, a change of level or of plan, the day after the end is a new anchor. A fixed one that follows a term of another plan
 * begins the day after it and ends with the period that this day lies in, or with the following one from the roll-over day on.
 */
export function nextTerm(plan: PlanDays, last: PlacedTerm & { readonly samePlan: boolean }): PlacedTerm {
  const day = addDays(last.endsOn!, 1);
  if (plan.period === "fixed") return { ...firstTerm(plan, day), startsOn: day };
  const inChain = last.samePlan && rollingStart(plan, last.anchorOn, last.position + 1) === day;
  return inChain ? rollingTerm(plan, last.anchorOn, last.position + 1) : rollingTerm(plan, day, 0);
}

/** Whether it has all the days of its place in the chain, and no others: neither cut nor extended by a pause. Fixed ones always are. */
export function isWhole(plan: PlanDays, { anchorOn, position, startsOn, endsOn }: PlacedTerm): boolean {
  if (plan.period === "fixed") return true;
  const whole = rollingTerm(plan, anchorOn, position);
  return whole.startsOn === startsOn && whole.endsOn === endsOn;
}

/** So many terms in a row, the first one given. */
export function termsInRow(plan: PlanDays, first: PlacedTerm, count: number): readonly PlacedTerm[] {
  const terms = [first];
  while (terms.length < count && first.endsOn !== null)
    terms.push(nextTerm(plan, { ...terms.at(-1)!, samePlan: true }));
  return terms;
}

/** Days from the first to the last one, both included. */
export function daysOf(startsOn: string, endsOn: string): number {
  return daysBetween(startsOn, endsOn) + 1;
}

/** The days that the price of a term is for: all, or, of a first fixed one that cost what was left of it, those since the joining; 1 for life. */
export function pricedDays(
  { startsOn, endsOn, countsFrom }: Pick<PlacedTerm, "startsOn" | "endsOn"> & { readonly countsFrom: string },
  { firstPrice }: { readonly firstPrice: "full" | "daily" },
): number {
  if (endsOn === null) return 1;
  return daysOf(firstPrice === "daily" ? countsFrom : startsOn, endsOn);
}

function rollingTerm(plan: PlanDays, anchorOn: string, position: number): PlacedTerm {
  const startsOn = rollingStart(plan, anchorOn, position);
  const endsOn = plan.unit === "lifetime" ? null : addDays(rollingStart(plan, anchorOn, position + 1), -1);
  return { anchorOn, position, startsOn, endsOn };
}

function rollingStart({ unit, length }: PlanDays, anchorOn: string, position: number): string {
  if (unit === "lifetime") return anchorOn;
  return offsetDay(anchorOn, { unit, count: position * length });
}

function fixedYear({ startDay, rolloverDay }: PlanDays, day: string) {
  const year = Number(day.slice(0, 4));
  const thisYears = dayInYear(year, startDay!);
  const startYear = thisYears <= day ? year : year - 1;
  const startsOn = dayInYear(startYear, startDay!);
  if (rolloverDay === null) return { startsOn, rollsOver: false };
  const inFirstYear = dayInYear(startYear, rolloverDay);
  const rolloverOn = inFirstYear < startsOn ? dayInYear(startYear + 1, rolloverDay) : inFirstYear;
  return { startsOn, rollsOver: rolloverOn <= day };
}

/** A roll-over day that the month does not have is its last one. */
function fixedMonth({ rolloverDay }: PlanDays, day: string) {
  const startsOn = `${day.slice(0, 7)}-01`;
  if (rolloverDay === null) return { startsOn, rollsOver: false };
  const last = Number(addDays(offsetDay(startsOn, { unit: "month", count: 1 }), -1).slice(8));
  return { startsOn, rollsOver: Number(day.slice(8)) >= Math.min(Number(rolloverDay), last) };
}

function fixedStart({ unit, startDay }: PlanDays, startsOn: string, lengths: number): string {
  if (unit === "year") return dayInYear(Number(startsOn.slice(0, 4)) + lengths, startDay!);
  return offsetDay(startsOn, { unit: unit as DayOffset["unit"], count: lengths });
}

/** 29 February is the 28th in a year without one. */
function dayInYear(year: number, monthDay: string): string {
  const [month, day] = monthDay.split("-").map(Number) as [number, number];
  return offsetDay(`2000-${pad(month)}-${pad(day)}`, { unit: "year", count: year - 2000 });
}

function pad(part: number): string {
  return String(part).padStart(2, "0");
}
