/** The rules of a program as a condition on spans: those by which a membership counts on a day. */
import type { MembershipsContext } from "../parts.ts";
import { earliestAfter, latestBefore } from "../status/day-offset.ts";
import { eventFields } from "../status/status-on.ts";
import type { RuleDay, StatusRule } from "../status/status-rule.ts";

type SpanWhere = NonNullable<NonNullable<Parameters<MembershipsContext["membershipSpans"]["list"]>[0]>["where"]>;

const never: SpanWhere = { id: { in: [] } };

/** Each rule is a comparison of a span's days with days that are known; the rules are in their order, and the first that matches decides. */
export function countingSpans(rules: readonly StatusRule[], day: string): SpanWhere {
  const byRules: SpanWhere[] = [];
  const before = new Map<StatusRule["state"], SpanWhere[]>();
  for (const rule of rules) {
    if (rule.manual === true) continue;
    const matches = matching(rule, day);
    const others = before.get(rule.state) ?? [];
    if (rule.counts) byRules.push({ state: rule.state, and: [matches, ...others.map((not) => ({ not }))] });
    else before.set(rule.state, [...others, matches]);
  }
  const statuses = [...new Set(rules.flatMap(({ status, counts }) => (counts ? status : [])))];
  return {
    ...{ firstDay: { lte: day }, lastDay: { gte: day } },
    or: [...byRules, { state: "overridden", overrideStatus: { in: statuses } }],
  };
}

function matching({ from, until, withinTerm }: StatusRule, day: string): SpanWhere {
  return {
    and: [
      ...(from === undefined ? [] : [begunBy(from, day)]),
      ...(until === undefined ? [] : [notEndedBy(until, day)]),
      ...(withinTerm === true ? [{ or: [{ termEndsOn: null }, { termEndsOn: { gte: day } }] }] : []),
    ],
  };
}

function begunBy(rule: RuleDay, day: string): SpanWhere {
  const latest = latestBefore(day, rule);
  return latest === undefined ? never : { [eventFields[rule.event]]: { lte: latest } };
}

function notEndedBy(rule: RuleDay, day: string): SpanWhere {
  const field = eventFields[rule.event];
  const earliest = earliestAfter(day, rule);
  const notYet = earliest === undefined ? never : { [field]: { gte: earliest } };
  return field === "stateOn" ? notYet : { or: [{ [field]: null }, notYet] };
}
