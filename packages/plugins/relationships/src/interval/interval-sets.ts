/** Days of several intervals. */
import {
  compareDays,
  compareIntervals,
  type DayInterval,
  dayAfter,
  dayBefore,
  FIRST_DAY,
  firstDay,
  intervalOf,
  LAST_DAY,
  lastDay,
  requireIntervals,
} from "./day-interval.ts";

/** The days that any of them has, as the fewest intervals, in order: those that meet are one. @throws `invalid_input` */
export function unionOf(intervals: readonly DayInterval[]): readonly DayInterval[] {
  requireIntervals(intervals);
  const found: { first: string; last: string }[] = [];
  for (const interval of intervals.toSorted(compareIntervals)) {
    const [first, last] = [firstDay(interval), lastDay(interval)];
    const before = found.at(-1);
    if (!before || first > (dayAfter(before.last) ?? LAST_DAY)) found.push({ first, last });
    else if (before.last < last) before.last = last;
  }
  return found.map(({ first, last }) => intervalOf(first, last));
}

/** The days that all of them have; undefined where there is none. Of no interval, all days. @throws `invalid_input` */
export function intersectionOf(intervals: readonly DayInterval[]): DayInterval | undefined {
  requireIntervals(intervals);
  let [first, last] = [FIRST_DAY, LAST_DAY];
  for (const interval of intervals) {
    if (firstDay(interval) > first) first = firstDay(interval);
    if (lastDay(interval) < last) last = lastDay(interval);
  }
  return first <= last ? intervalOf(first, last) : undefined;
}

/** The days of the ones that none of the others has, as the fewest intervals, in order. @throws `invalid_input` */
export function without(intervals: readonly DayInterval[], others: readonly DayInterval[]): readonly DayInterval[] {
  const removed = unionOf(others);
  const left: DayInterval[] = [];
  let at = 0;
  for (const interval of unionOf(intervals)) {
    let first: string | undefined = firstDay(interval);
    const last = lastDay(interval);
    while (at < removed.length && lastDay(removed[at]!) < first) at++;
    for (let i = at; first !== undefined && i < removed.length && firstDay(removed[i]!) <= last; i++) {
      const end = dayBefore(firstDay(removed[i]!));
      if (end !== undefined && first <= end) left.push(intervalOf(first, end));
      first = dayAfter(lastDay(removed[i]!));
    }
    if (first !== undefined && first <= last) left.push(intervalOf(first, last));
  }
  return left;
}

/** The days of a span that none of the intervals has. @throws `invalid_input` */
export function gapsIn(span: DayInterval, intervals: readonly DayInterval[]): readonly DayInterval[] {
  return without([span], intervals);
}

/** The days between the first and the last of them that none of them has. @throws `invalid_input` */
export function gapsBetween(intervals: readonly DayInterval[]): readonly DayInterval[] {
  const days = unionOf(intervals);
  if (days.length < 2) return [];
  return gapsIn(intervalOf(firstDay(days[0]!), lastDay(days.at(-1)!)), days);
}

/** Days on which the same ones hold. */
export interface Stretch<T> extends DayInterval {
  /** In the order in which they begin. */
  readonly items: readonly T[];
}

/** The days on which any of them holds, cut where one begins or ends, in order. @throws `invalid_input` */
export function stretchesOf<T extends DayInterval>(items: readonly T[]): readonly Stretch<T>[] {
  requireIntervals(items);
  const beginning = items.toSorted(compareIntervals);
  const ending = items.toSorted((a, b) => compareDays(lastDay(a), lastDay(b)));
  const days = new Set(items.map(firstDay));
  for (const item of items) {
    const next = dayAfter(lastDay(item));
    if (next !== undefined) days.add(next);
  }
  const cuts = [...days].sort(compareDays);
  const holding = new Set<T>();
  const stretches: Stretch<T>[] = [];
  let [begun, ended] = [0, 0];
  cuts.forEach((first, i) => {
    while (ended < ending.length && lastDay(ending[ended]!) < first) holding.delete(ending[ended++]!);
    while (begun < beginning.length && firstDay(beginning[begun]!) <= first) holding.add(beginning[begun++]!);
    const next = cuts[i + 1];
    const last = next === undefined ? LAST_DAY : dayBefore(next)!;
    if (holding.size > 0) stretches.push({ ...intervalOf(first, last), items: [...holding] });
  });
  return stretches;
}

/** The days on which two or more of them hold, with those that do. @throws `invalid_input` */
export function overlapsAmong<T extends DayInterval>(items: readonly T[]): readonly Stretch<T>[] {
  return stretchesOf(items).filter((stretch) => stretch.items.length > 1);
}

/** Days on which two or more hold, in one. */
export interface Crowd extends DayInterval {
  /** How many hold on the day on which the most do. */
  readonly most: number;
}

/** The same, without who does: as few intervals as there are. @throws `invalid_input` */
export function crowdedDays(intervals: readonly DayInterval[]): readonly Crowd[] {
  requireIntervals(intervals);
  const changes = new Map<string, number>();
  const change = (day: string | undefined, by: number) => {
    if (day !== undefined) changes.set(day, (changes.get(day) ?? 0) + by);
  };
  for (const interval of intervals) {
    change(firstDay(interval), 1);
    change(dayAfter(lastDay(interval)), -1);
  }
  const crowds: Crowd[] = [];
  let [holding, most, first] = [0, 0, FIRST_DAY];
  for (const [day, by] of [...changes].sort(([a], [b]) => compareDays(a, b))) {
    if (holding < 2) [most, first] = [0, day];
    if (holding > 1 && holding + by < 2) crowds.push({ ...intervalOf(first, dayBefore(day)!), most });
    holding += by;
    most = Math.max(most, holding);
  }
  if (holding > 1) crowds.push({ ...intervalOf(first, LAST_DAY), most });
  return crowds;
}
