/** Time zones of the IANA database, as the runtime knows them. */
import { dayNumberOf } from "./calendar.ts";

export interface TimeZone {
  /** The day on the calendar there, at this instant. */
  dayOf(ms: number): string;
  /**
   * The first instant of a day there, in milliseconds: where clocks skip midnight, what comes in its place; of a day that the place
   * has skipped, that of the next one.
   */
  startOf(day: string): number;
}

/** Whether it is the name of a time zone ("Europe/Berlin", "UTC"). Offsets ("+02:00") are none: they know no summer time. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

/** The day on the calendar of a time zone at an instant. @throws RangeError for a name that `isTimeZone` refuses. */
export function dayIn(instant: Date, timeZone: string): string {
  return timeZoneOf(timeZone).dayOf(instant.getTime());
}

const DAY_MS = 86_400_000;
/** No clock is, or ever was, further from UTC. */
const FURTHEST_MS = 26 * 3_600_000;

/** Keeps what the runtime prepares for a time zone, for many questions. */
export function timeZoneOf(name: string): TimeZone {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: name,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const clockAt = (ms: number) => {
    const parts = format.formatToParts(ms);
    const of = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)!.value;
    const day = `${of("year").padStart(4, "0")}-${of("month")}-${of("day")}`;
    return { day, wall: Date.parse(`${day}T${of("hour")}:${of("minute")}:${of("second")}Z`) };
  };
  const dayOf = (ms: number) => clockAt(ms).day;
  return {
    dayOf,
    startOf(day) {
      const midnight = dayNumberOf(day) * DAY_MS;
      let [before, from] = [midnight - FURTHEST_MS, midnight + FURTHEST_MS];
      const offset = clockAt(before).wall - before;
      if (clockAt(from).wall - from === offset) return midnight - offset;
      while (from - before > 1) {
        const middle = Math.floor((before + from) / 2);
        if (dayOf(middle) >= day) from = middle;
        else before = middle;
      }
      return from;
    },
  };
}
