/**
 * Rules on a day as conditions on spans: an offset from a day of the membership is taken off the day that is asked for, once, so that the
 * database compares columns with days.
 */
import { earliestAfter, latestBefore } from "../status/day-offset.ts";
import { eventFields } from "../status/status-on.ts";
import type { RuleDay, SpanState, StatusRule } from "../status/status-rule.ts";

interface DayFilter {
  readonly lte?: string;
  readonly gte?: string;
}

/** A `where` of spans. */
export interface SpanWhere {
  readonly state?: StatusRule["state"] | "overridden";
  readonly overrideStatus?: string | { readonly in: readonly string[] };
  readonly firstDay?: DayFilter;
  readonly lastDay?: DayFilter;
  readonly joinedOn?: DayFilter | null;
  readonly chainStartsOn?: DayFilter | null;
  readonly termStartsOn?: DayFilter | null;
  readonly termEndsOn?: DayFilter | null;
  readonly stateOn?: DayFilter;
  readonly or?: readonly SpanWhere[];
  readonly and?: readonly SpanWhere[];
  readonly not?: SpanWhere;
}

/** The one span of each membership that the day lies in. */
export function onDay(day: string): SpanWhere {
  return { firstDay: { lte: day }, lastDay: { gte: day } };
}

/** The status of spans of a day that are in one state, as cases. What no rule leads to is null; undefined: all of it. */
export function statusCases(
  rules: readonly StatusRule[],
  { state, day }: { readonly state: SpanState; readonly day: string },
) {
  const cases = rules.flatMap((rule) => {
    const where = rule.state === state ? daysWhere(rule, day) : undefined;
    return where ? [{ where, value: rule.status }] : [];
  });
  return cases.length === 0 ? undefined : { cases };
}

/** The spans of a day that count as members. */
export function countingWhere(rules: readonly StatusRule[], day: string): SpanWhere {
  const counting = rules.flatMap((rule, at): SpanWhere[] => {
    const where = rule.counts ? ruleWhere(rule, day) : undefined;
    if (!where) return [];
    const before = rules.slice(0, at).filter(({ state, counts }) => state === rule.state && !counts);
    const first = before.flatMap((each) => ruleWhere(each, day) ?? []);
    return first.length === 0 ? [where] : [{ and: [where, { not: { or: first } }] }];
  });
  const statuses = [...new Set(rules.filter(({ counts }) => counts).map(({ status }) => status))];
  return { or: [...counting, { state: "overridden", overrideStatus: { in: statuses } }] };
}

/** Undefined where it can hold on no day. */
function ruleWhere(rule: StatusRule, day: string): SpanWhere | undefined {
  const days = daysWhere(rule, day);
  return days && { state: rule.state, ...days };
}

/** Without the state. */
function daysWhere({ state, from, until, withinTerm, manual }: StatusRule, day: string): SpanWhere | undefined {
  if (manual === true) return undefined;
  const parts: SpanWhere[] = [];
  if (from) {
    const latest = latestBefore(day, from);
    if (latest === undefined) return undefined;
    parts.push(columnWhere(from, { lte: latest }));
  }
  if (until) {
    const earliest = earliestAfter(day, until);
    const ends = earliest === undefined ? [] : [columnWhere(until, { gte: earliest })];
    // Of a term only its end may have no day, and what has none does not begin either.
    const hasDay =
      until.event === "state" || from?.event === until.event || (state === "term" && until.event !== "end");
    const goesOn = hasDay ? [] : [columnWhere(until, null)];
    const [first, second] = [...ends, ...goesOn];
    if (first === undefined) return undefined;
    parts.push(second === undefined ? first : { or: [first, second] });
  }
  if (withinTerm === true) parts.push({ or: [{ termEndsOn: { gte: day } }, { termEndsOn: null }] });
  return parts.length > 0 ? { and: parts } : {};
}

function columnWhere({ event }: RuleDay, filter: DayFilter | null): SpanWhere {
  return { [eventFields[event]]: filter };
}
