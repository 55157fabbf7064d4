/** The organisation's days, as numbers, for many instants. */
import { type CalendarSettings, dayAt, dayNumberOf, fiscalPeriodOf, timeZoneOf } from "@relata/core/plugin";
import type { CalendarPositions } from "./calendar-positions.ts";

/** No clock changes within a quarter of an hour, so that a day is asked for once in each. */
const quarterHourMs = 900_000;

export interface TenantDays {
  numberOf(instant: Date): number;
  /** The last instant of a day. */
  endOf(day: number): Date;
}

export function tenantDays(timeZone: string): TenantDays {
  const zone = timeZoneOf(timeZone);
  const known = new Map<number, number>();
  return {
    numberOf(instant) {
      const key = Math.floor(instant.getTime() / quarterHourMs);
      let day = known.get(key);
      if (day === undefined) {
        day = dayNumberOf(zone.dayOf(key * quarterHourMs));
        known.set(key, day);
      }
      return day;
    },
    endOf: (day) => new Date(zone.startOf(dayAt(day + 1)) - 1),
  };
}

/** The month of its fiscal quarter that each day lies in, from one day to another. */
export function calendarPositions(settings: CalendarSettings, from: number, to: number): CalendarPositions {
  const at = new Uint8Array(Math.max(0, to - from + 1));
  for (let day = from; day <= to; ) {
    const quarter = fiscalPeriodOf(settings, "quarter", dayAt(day));
    let start = dayNumberOf(quarter.from);
    for (let position = 0; position < 3; position += 1) {
      const until = dayNumberOf(fiscalPeriodOf(settings, "month", dayAt(start)).until);
      for (let each = Math.max(start, from); each <= Math.min(until, to); each += 1) at[each - from] = position;
      start = until + 1;
    }
    day = dayNumberOf(quarter.until) + 1;
  }
  return { from, at };
}
