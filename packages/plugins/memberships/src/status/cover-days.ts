/** Whether rules give every day a status: a search for a membership and a day that no rule matches. */
import { dayAt, dayNumberOf, isDate } from "@relata/core/plugin";
import { type Constraints, noConstraints } from "./day-constraints.ts";
import { type DayOffset, offsetDay } from "./day-offset.ts";
import { eventFields, type SpanDays, statusInSpan } from "./status-on.ts";
import { inOrder, type RuleDay, type RuleEvent, ruleEvents, type SpanState, type StatusRule } from "./status-rule.ts";

/** A day that no rule matches. */
export interface UncoveredDay {
  readonly state: SpanState;
  readonly joinedOn: string | null;
  readonly startsOn: string | null;
  readonly endsOn: string | null;
  readonly day: string;
}

/** Thrown for rules that are too many to be searched. */
export class TooManyRules extends Error {}

/**
 * A day that the rules leave out, or undefined. That a rule does not match means that the day lies before its beginning or behind its end: for
 * each rule one of these is assumed, and what is assumed together must be possible. Days are unknown whole numbers with differences between
 * them; a month is 28 to 31 days, so that what is found is tried on real days, of two years and a leap day.
 */
export function findUncovered(given: readonly StatusRule[]): UncoveredDay | undefined {
  const ranges = new Map<string, readonly [number, number]>();
  for (const { from, until } of given)
    for (const bound of [from, until]) if (bound && bound.unit !== "day") ranges.set(nameOf(bound), rangeOf(bound));
  for (const shape of shapes) {
    const rules = inOrder(given).filter(({ manual, state }) => manual !== true && state === shape.state);
    const search = { rules, shape, left: { nodes: 50_000 } };
    const found = assume(search, 0, startOf(rules, shape, ranges));
    if (found) return found;
  }
  return undefined;
}

/** By the name of a moved day: the fewest and the most days that it is away. */
type Ranges = ReadonlyMap<string, readonly [number, number]>;

/** What days there are in a state, for life or not. */
interface Shape {
  readonly state: Exclude<SpanState, "overridden">;
  readonly events: readonly RuleEvent[];
}

const withoutEnd = ruleEvents.filter((event) => event !== "end");
const shapes: readonly Shape[] = [
  { state: "pending", events: ["state"] },
  ...(["term", "paused", "cancelled", "deceased"] as const).flatMap((state) => [
    { state, events: ruleEvents },
    { state, events: withoutEnd },
  ]),
  // Whoever dies, or was cancelled before, while the first payment is waited for, has no other day than that.
  ...(["paused", "cancelled", "deceased"] as const).map((state) => ({ state, events: ["state"] as const })),
];

/** What holds of days whatever the rules say: "day" is the one that is asked for. */
function startOf(rules: readonly StatusRule[], { state, events }: Shape, ranges: Ranges): Constraints {
  let days = noConstraints(["day", ...events]);
  const notAfter = (earlier: string, later: string) => {
    if (days.has(earlier) && days.has(later)) days = days.atMost({ from: later, to: earlier, days: 0 })!;
  };
  for (const event of events) if (event !== "end") notAfter(event, "day");
  notAfter("join", "chain_start");
  notAfter("start", "end");
  if (state === "term") {
    notAfter("chain_start", "state");
    notAfter("start", "state");
    notAfter("state", "end");
  }
  for (const { from, until } of rules)
    for (const bound of [from, until]) if (bound && days.has(bound.event)) days = withMoved(days, bound, ranges);
  return days;
}

/** A day that is months from another is an unknown of its own, 28 to 31 days a month away. */
function withMoved(days: Constraints, bound: RuleDay, ranges: Ranges): Constraints {
  if (bound.unit === "day" || days.has(nameOf(bound))) return days;
  const [least, most] = ranges.get(nameOf(bound))!;
  const { event } = bound;
  return days
    .with(nameOf(bound))
    .atMost({ from: event, to: nameOf(bound), days: most })!
    .atMost({ from: nameOf(bound), to: event, days: -least })!;
}

function nameOf({ event, unit, count }: RuleDay): string {
  return unit === "day" ? event : `${event} ${unit === "year" ? count * 12 : count}`;
}

/** The fewest and the most days that it can be: from days on which months differ, in years with a leap day and without. */
function rangeOf(offset: DayOffset): readonly [number, number] {
  const moved = years.flatMap((year) =>
    edges.map((day) => dayNumberOf(offsetDay(`${year}-${day}`, offset)) - dayNumberOf(`${year}-${day}`)),
  );
  return [Math.min(...moved), Math.max(...moved)];
}

const years = [1896, 1897, 1898, 1899, 1900, 1999, 2000, 2001, 2002, 2003, 2096, 2100];
const edges = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"].flatMap((month) =>
  ["01", "28", "30", "31"].map((day) => `${month}-${day}`).filter((day) => isDate(`2001-${day}`)),
);

interface Search {
  readonly rules: readonly StatusRule[];
  readonly shape: Shape;
  readonly left: { nodes: number };
}

function assume(search: Search, at: number, days: Constraints): UncoveredDay | undefined {
  if (search.left.nodes-- <= 0) throw new TooManyRules();
  const rule = search.rules[at];
  if (rule === undefined) return witness(search, days);
  for (const missed of waysToMiss(rule, search.shape)) {
    const assumed = missed === "never" ? days : days.atMost(missed);
    const found = assumed && assume(search, at + 1, assumed);
    if (found) return found;
  }
  return undefined;
}

type Miss = "never" | { readonly from: string; readonly to: string; readonly days: number };

/** How a rule does not match: as what lies at most so many days from what. */
function waysToMiss({ from, until, withinTerm }: StatusRule, { events }: Shape): readonly Miss[] {
  const there = ({ event }: RuleDay) => events.includes(event);
  if (from && !there(from)) return ["never"];
  const ways: Miss[] = [];
  const own = (bound: RuleDay) => (bound.unit === "day" ? bound.count : 0);
  if (from) ways.push({ from: nameOf(from), to: "day", days: own(from) - 1 });
  if (until && there(until)) ways.push({ from: "day", to: nameOf(until), days: -own(until) - 1 });
  if (withinTerm === true && events.includes("end")) ways.push({ from: "day", to: "end", days: -1 });
  return ways;
}

/** The same on real days, whatever their months are. */
function witness({ rules, shape }: Search, days: Constraints): UncoveredDay | undefined {
  const first = dayNumberOf("2023-12-31");
  for (const solution of days.solutions("day")) {
    for (let base = first; base < first + 800; base++) {
      const at = (event: RuleEvent) => (shape.events.includes(event) ? dayAt(base + solution.get(event)!) : null);
      const span = spanOf(shape, at);
      const day = dayAt(base);
      if (!isPossible(span, day) || statusInSpan(span, rules, day) !== undefined) continue;
      const { joinedOn, termStartsOn: startsOn, termEndsOn: endsOn } = span;
      return { state: shape.state, joinedOn, startsOn, endsOn, day };
    }
  }
  return undefined;
}

function spanOf({ state }: Shape, at: (event: RuleEvent) => string | null): SpanDays {
  const days = Object.fromEntries(ruleEvents.map((event) => [eventFields[event], at(event)]));
  const stateOn = at("state")!;
  return { ...(days as unknown as SpanDays), firstDay: stateOn, lastDay: "9999-12-31", state, overrideStatus: null };
}

function isPossible({ stateOn }: SpanDays, day: string): boolean {
  return stateOn <= day;
}
