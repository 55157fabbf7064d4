/** How many hold on each day, of intervals that are added one after another: pure. */
import {
  type DayInterval,
  dayAfter,
  dayBefore,
  firstDay,
  intervalOf,
  LAST_DAY,
  lastDay,
} from "../interval/day-interval.ts";

export interface DayCounts {
  add(interval: DayInterval): void;
  /** The days of an interval on which at least so many hold, as the fewest intervals, in order. */
  daysWith(interval: DayInterval, least: number): readonly DayInterval[];
}

/**
 * A tree of sums over the days on which something begins or is over: what is added costs a few steps, however many there are, and so does each interval of
 * an answer.
 *
 * @param bounds of these all intervals are made that are added or asked for; each of them may begin and end wherever another one does
 */
export function dayCounts(bounds: readonly DayInterval[]): DayCounts {
  const days = [...new Set(bounds.flatMap((each) => [firstDay(each), dayAfter(lastDay(each)) ?? []].flat()))].sort();
  const places = new Map(days.map((day, at) => [day, at]));
  const size = 2 ** Math.ceil(Math.log2(Math.max(1, days.length)));
  // Of each node: what was added to all of it, and the lowest and the highest count in it with that.
  const [added, lowest, highest] = [new Int32Array(2 * size), new Int32Array(2 * size), new Int32Array(2 * size)];
  const rangeOf = (interval: DayInterval): Range => {
    const after = dayAfter(lastDay(interval));
    return {
      first: places.get(firstDay(interval))!,
      last: (after === undefined ? days.length : places.get(after)!) - 1,
    };
  };
  const addTo = (node: number, { first, last }: Range, asked: Range): void => {
    if (asked.last < first || last < asked.first) return;
    if (asked.first <= first && last <= asked.last) {
      for (const counts of [added, lowest, highest]) counts[node]!++;
      return;
    }
    const middle = (first + last) >> 1;
    addTo(2 * node, { first, last: middle }, asked);
    addTo(2 * node + 1, { first: middle + 1, last }, asked);
    lowest[node] = Math.min(lowest[2 * node]!, lowest[2 * node + 1]!) + added[node]!;
    highest[node] = Math.max(highest[2 * node]!, highest[2 * node + 1]!) + added[node]!;
  };
  return {
    add: (interval) => addTo(1, { first: 0, last: size - 1 }, rangeOf(interval)),
    daysWith(interval, least) {
      const asked = rangeOf(interval);
      const found: { first: number; last: number }[] = [];
      const look = (node: number, { first, last }: Range, above: number): void => {
        if (asked.last < first || last < asked.first || highest[node]! + above < least) return;
        if (asked.first <= first && last <= asked.last && lowest[node]! + above >= least) {
          if (found.at(-1)?.last === first - 1) found.at(-1)!.last = last;
          else found.push({ first, last });
          return;
        }
        const middle = (first + last) >> 1;
        look(2 * node, { first, last: middle }, above + added[node]!);
        look(2 * node + 1, { first: middle + 1, last }, above + added[node]!);
      };
      look(1, { first: 0, last: size - 1 }, 0);
      return found.map(({ first, last }) => {
        const next = days[last + 1];
        return intervalOf(days[first]!, next === undefined ? LAST_DAY : dayBefore(next)!);
      });
    },
  };
}

interface Range {
  readonly first: number;
  readonly last: number;
}
