/** From a rule to its occurrences. They are counted on the wall, so that 09:00 stays 09:00 when clocks change. */
import { invalidInput, isTimeZone } from "@relata/core/plugin";
import { RRuleTemporal } from "rrule-temporal";
import { type Limit, parseRecurrence, type Recurrence, RecurrenceProblem } from "./parse-recurrence.ts";
import { type WallClock, wallClockOf, wallMs, wallOf } from "./wall-time.ts";

/** A recurrence that has begun: its first occurrence is at `start`, on the wall. */
export interface Series {
  /** The first occurrence after this one, on the wall; with `notBefore`, the first that is later than that instant too. */
  next(after: string, notBefore?: Date): string | undefined;
  /** Those from one instant (included) to another (not included), at most `limit`. */
  between(from: Date, to: Date, limit: number): readonly Date[];
  /** How many come before this one. */
  indexOf(wall: string): number;
}

/** Enough to find the next one of any rule that has one. */
const MOST_PERIODS = 10_000;

/** @throws RecurrenceProblem for a text that is no recurrence, and for one that never comes to pass */
export function seriesOf(text: string, start: string, clock: WallClock): Series {
  const recurrence = parseRecurrence(text);
  const compact = start.replaceAll(/[-:]/g, "");
  // The wall is given as UTC: what it shows at which instant is for the clock to say.
  const rule = new RRuleTemporal({
    rruleString: `DTSTART;TZID=UTC:${compact}\nRRULE:${recurrence.rule}`,
    includeDtstart: true,
    maxIterations: MOST_PERIODS,
  });
  const lies = (wall: string) => !isOver(recurrence, wall, clock) && !isExcluded(recurrence, wall, clock);
  const step = (after: string): string | undefined => {
    const next = rule.next(new Date(wallMs(after)), false);
    return next === null ? undefined : wallOf(next.epochMilliseconds);
  };
  return {
    next(after, notBefore) {
      // No clock is further than a day from UTC: what is earlier than that is passed over at once.
      const skipped = notBefore && wallOf(notBefore.getTime() - 2 * DAY_MS);
      let wall = step(skipped !== undefined && skipped > after ? skipped : after);
      while (wall !== undefined && !isOver(recurrence, wall, clock)) {
        if (lies(wall) && (!notBefore || clock.instantAt(wall) > notBefore)) return wall;
        wall = step(wall);
      }
      return undefined;
    },
    between(from, to, limit) {
      const found: Date[] = [];
      const earliest = wallOf(from.getTime() - 2 * DAY_MS);
      let wall: string | undefined = start > earliest ? start : step(earliest);
      while (wall !== undefined && found.length < limit && !isOver(recurrence, wall, clock)) {
        const at = clock.instantAt(wall);
        if (at >= to) return found;
        if (at >= from && lies(wall)) found.push(at);
        wall = step(wall);
      }
      return found;
    },
    indexOf: (wall) => rule.all(() => true).filter(({ epochMilliseconds }) => epochMilliseconds < wallMs(wall)).length,
  };
}

const DAY_MS = 86_400_000;

function isOver({ until }: Recurrence, wall: string, clock: WallClock): boolean {
  switch (until?.kind) {
    case undefined:
      return false;
    case "day":
      return wall.slice(0, 10) > until.day;
    case "wall":
      return wall > until.wall;
    case "instant":
      return clock.instantAt(wall) > until.at;
  }
}

function isExcluded({ excluded }: Recurrence, wall: string, clock: WallClock): boolean {
  return excluded.some((limit) => isAt(limit, wall, clock));
}

function isAt(limit: Limit, wall: string, clock: WallClock): boolean {
  switch (limit.kind) {
    case "day":
      return wall.startsWith(limit.day);
    case "wall":
      return wall === limit.wall;
    case "instant":
      return clock.instantAt(wall).getTime() === limit.at.getTime();
  }
}

/** What is wrong with a recurrence that begins so; undefined where nothing is. */
export function problemOf(text: string, start: string, clock: WallClock): string | undefined {
  try {
    seriesOf(text, start, clock).next(start);
    return undefined;
  } catch (error) {
    if (error instanceof RecurrenceProblem) return error.message;
    return `never comes to pass: ${(error as Error).message}`;
  }
}

export interface Expansion {
  /** A rule of RFC 5545, and lines of EXDATE. */
  readonly recurrence: string;
  /** The first occurrence. */
  readonly startAt: Date;
  /** An IANA name: the clock whose times recur. */
  readonly timeZone: string;
  readonly from: Date;
  /** Not included. */
  readonly to: Date;
  /** 1,000 unless given. */
  readonly limit?: number;
}

/**
 * The occurrences between two instants, in order. DST-safe: they are at the same time of the clock in `timeZone`.
 *
 * @throws `invalid_input` for a text that is no recurrence, and a name that is no time zone
 * @example
 * ```ts
 * import { expandRecurrence } from "@relata/calendar";
 *
 * const days = expandRecurrence({
 *   recurrence: "FREQ=DAILY",
 *   startAt: new Date("2026-03-28T08:00:00Z"),
 *   timeZone: "Europe/Berlin",
 *   from: new Date("2026-03-28T00:00:00Z"),
 *   to: new Date("2026-03-30T00:00:00Z"),
 * });
 * console.log(days.map((day) => day.toISOString())); // 08:00Z, and after the clocks have changed 07:00Z
 * ```
 */
export function expandRecurrence({
  recurrence,
  startAt,
  timeZone,
  from,
  to,
  limit = 1_000,
}: Expansion): readonly Date[] {
  const refused = (field: string, message: string) =>
    invalidInput("recurrence", [{ field, code: "invalid_value", message }]);
  if (!isTimeZone(timeZone)) throw refused("timeZone", 'must be a time zone such as "Europe/Berlin"');
  const clock = wallClockOf(timeZone);
  const start = clock.wallAt(startAt);
  const problem = problemOf(recurrence, start, clock);
  if (problem !== undefined) throw refused("recurrence", problem);
  return seriesOf(recurrence, start, clock).between(from, to, limit);
}
