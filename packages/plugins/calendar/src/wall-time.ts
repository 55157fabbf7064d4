/** Between instants and what the clock on the wall shows in a time zone: "2026-06-01T09:00:00". */

export interface WallClock {
  /** What the clock shows at an instant, to the second. */
  wallAt(instant: Date): string;
  /**
   * The instant at which the clock shows it. Where it shows it twice, the first; where it never does, because the clock skips it, the
   * instant by the offset before that (RFC 5545, 3.3.5): 02:30 becomes 03:30.
   */
  instantAt(wall: string): Date;
}

const DAY_MS = 86_400_000;

/** @throws RangeError for what is no time zone */
export function wallClockOf(timeZone: string): WallClock {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
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
  const wallAt = (instant: Date) => {
    const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]));
    const day = `${parts.get("year")!.padStart(4, "0")}-${parts.get("month")}-${parts.get("day")}`;
    return `${day}T${parts.get("hour")}:${parts.get("minute")}:${parts.get("second")}`;
  };
  const offsetAt = (ms: number) => wallMs(wallAt(new Date(ms))) - Math.floor(ms / 1_000) * 1_000;
  return {
    wallAt,
    instantAt(wall) {
      const ms = wallMs(wall);
      const before = offsetAt(ms - DAY_MS);
      if (offsetAt(ms - before) === before) return new Date(ms - before);
      const after = offsetAt(ms + DAY_MS);
      return new Date(offsetAt(ms - after) === after ? ms - after : ms - before);
    },
  };
}

/** As if the clock showed UTC: for differences between two times of one wall, and for steps along it. */
export function wallMs(wall: string): number {
  return Date.parse(`${wall}Z`);
}

export function wallOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}
