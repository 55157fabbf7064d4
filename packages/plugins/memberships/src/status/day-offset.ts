/** A day so many days, months or years from another, and the way back. */
import { addDays, addMonths, compareText } from "@relata/core/plugin";

export interface DayOffset {
  readonly unit: "day" | "month" | "year";
  /** Backwards where it is negative. */
  readonly count: number;
}

export const FIRST_DAY = "0001-01-01";
/** What goes on ends here. */
export const LAST_DAY = "9999-12-31";

export function laterOf(a: string, b: string): string {
  return compareText(a, b) < 0 ? b : a;
}

export function earlierOf(a: string, b: string): string {
  return compareText(a, b) < 0 ? a : b;
}

/** Undefined after the last day that there is. */
export function dayAfter(day: string): string | undefined {
  return day === LAST_DAY ? undefined : addDays(day, 1);
}

/** Of the first day that there is, itself: nobody is a member before anybody can have joined. */
export function dayBefore(day: string): string {
  return day === FIRST_DAY ? day : addDays(day, -1);
}

/** Months and years keep the day of the month, or are its last one. What lies outside of the calendar is its first or its last day. */
export function offsetDay(day: string, { unit, count }: DayOffset): string {
  if (count === 0) return day;
  if (unit === "day") return within(day, count, () => addDays(day, count));
  const months = unit === "year" ? count * 12 : count;
  return within(day, count, () => addMonths(day, months));
}

/** The latest day that is, moved by the offset, not after `day`; undefined where there is none. */
export function latestBefore(day: string, offset: DayOffset): string | undefined {
  if (offsetDay(LAST_DAY, offset) <= day) return LAST_DAY;
  let found = nearEnough(day, offset, 4);
  while (offsetDay(found, offset) > day) {
    if (found === FIRST_DAY) return undefined;
    found = addDays(found, -1);
  }
  return found;
}

/** The earliest day that is, moved by the offset, not before `day`; undefined where there is none. */
export function earliestAfter(day: string, offset: DayOffset): string | undefined {
  if (offsetDay(FIRST_DAY, offset) >= day) return FIRST_DAY;
  let found = nearEnough(day, offset, -4);
  while (offsetDay(found, offset) < day) {
    if (found === LAST_DAY) return undefined;
    found = addDays(found, 1);
  }
  return found;
}

/** The offset taken back: with months, at most three days from what is looked for. */
function nearEnough(day: string, { unit, count }: DayOffset, slack: number): string {
  const back = offsetDay(day, { unit, count: -count });
  return unit === "day" ? back : within(back, slack, () => addDays(back, slack));
}

function within(day: string, direction: number, moved: () => string): string {
  try {
    return moved();
  } catch {
    return direction < 0 ? FIRST_DAY : direction > 0 ? LAST_DAY : day;
  }
}
