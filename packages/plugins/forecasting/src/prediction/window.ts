/** What is asked of one origin: what is won from one day to another, as known at the end of the origin's day. */
import { addMonths, dayAt, dayNumberOf } from "@relata/core/plugin";

export interface Window {
  /** The last day that is known. */
  readonly origin: number;
  /** The first and the last day of what is asked. */
  readonly from: number;
  readonly to: number;
}

export interface PastSpan extends Window {
  /** Whether it had ended by the origin; else it is cut there. */
  readonly whole: boolean;
}

/** How many origins back errors are looked at: older ones say less, and each costs a pass over the deals. */
const mostEarlier = 6;

/** The same window months earlier: at ends of months where the origin is one. */
export function monthsEarlier(window: Window, months: number): Window {
  return {
    origin: back(window.origin + 1, months) - 1,
    from: back(window.from, months),
    to: back(window.to + 1, months) - 1,
  };
}

const back = (day: number, months: number): number => dayNumberOf(addMonths(dayAt(day), -months));

/**
 * The windows a month apart whose end is known at the origin, latest first. Their own origins leave at least four weeks of time at risk
 * behind them; else there is nothing to fit.
 */
export function earlierWindows(window: Window, riskFrom: number): readonly PastSpan[] {
  const found: PastSpan[] = [];
  for (let months = 1; found.length < mostEarlier; months += 1) {
    const earlier = monthsEarlier(window, months);
    if (earlier.origin < riskFrom + 27) break;
    if (earlier.to <= window.origin) found.push({ ...earlier, whole: true });
    else if (window.origin - earlier.from >= 27) found.push({ ...earlier, to: window.origin, whole: false });
  }
  return found;
}
