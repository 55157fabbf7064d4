/**
 * Rules on a day as conditions on spans: an offset from a day of the membership is taken off the day that is asked for, once, so that the
 * database compares columns with days.
 */
import { earliestAfter, latestBefore } from "../status/day-offset.ts";
import { eventFields } from "../status/status-on.ts";
import type { RuleDay, StatusRule } from "../status/status-rule.ts";

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

/** The status of the spans of a day, as cases. What no rule leads to, and an override to a status that no rule has, is `otherwise`. */
export function statusCases(rules: readonly StatusRule[], day: string) {
  // Rules of different states never meet: those of most rows are asked first.
  const inTerm = rules.filter(({ state }) => state === "term");
  const others = rules.filter(({ state }) => state !== "term");
  const cases = [...inTerm, ...others].flatMap((rule) => {
    const where = ruleWhere(rule, day);
    return where ? [{ where, value: rule.status }] : [];
  });
  const overrides = [...new Set(rules.map(({ status }) => status))].map((status) => ({
    where: { state: "overridden", overrideStatus: status } as SpanWhere,
    value: status,
  }));
  return { cases: [...cases, ...overrides] };
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
function ruleWhere({ state, from, until, withinTerm, manual }: StatusRule, day: string): SpanWhere | undefined {
  if (manual === true) return undefined;
  const parts: SpanWhere[] = [];
  if (from) {
    const latest = latestBefore(day, from);
    if (latest === undefined) return undefined;
    parts.push(columnWhere(from, { lte: latest }));
  }
  if (until) {
    const earliest = earliestAfter(day, until);
    const goesOn = columnWhere(until, null);
    const ends = earliest === undefined ? [] : [columnWhere(until, { gte: earliest })];
    if (until.event !== "state") parts.push(ends.length === 0 ? goesOn : { or: [...ends, goesOn] });
    else if (ends.length === 0) return undefined;
    else parts.push(...ends);
  }
  if (withinTerm === true) parts.push({ or: [{ termEndsOn: { gte: day } }, { termEndsOn: null }] });
  return { state, ...(parts.length > 0 ? { and: parts } : {}) };
}

function columnWhere({ event }: RuleDay, filter: DayFilter | null): SpanWhere {
  return { [eventFields[event]]: filter };
}
