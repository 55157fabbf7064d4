/** The status of a membership on a day: a pure function of its spans, the rules and the day. */
import { offsetDay } from "./day-offset.ts";
import { inOrder, type RuleDay, type RuleEvent, type SpanState, type StatusRule } from "./status-rule.ts";

/** The days of one span, as it is stored. */
export interface SpanDays {
  readonly firstDay: string;
  /** "9999-12-31": it goes on. */
  readonly lastDay: string;
  readonly state: SpanState;
  readonly stateOn: string;
  readonly overrideStatus: string | null;
  readonly joinedOn: string | null;
  readonly chainStartsOn: string | null;
  readonly termStartsOn: string | null;
  readonly termEndsOn: string | null;
}

/** What a membership is on a day. */
export interface Status {
  /** "new", "current", "grace", …; one of the rules'. */
  readonly status: string;
  /** Whether it counts as a member. */
  readonly counts: boolean;
}

/** Undefined before the first day, and where there never was one. */
export function statusOn<S extends SpanDays>(
  spans: readonly S[],
  rules: readonly StatusRule[],
  day: string,
): (Status & { readonly span: S }) | undefined {
  const span = spans.find(({ firstDay, lastDay }) => firstDay <= day && day <= lastDay);
  if (span === undefined) return undefined;
  const status = statusInSpan(span, inOrder(rules), day);
  return status && { ...status, span };
}

/** Of a day that lies in the span; the rules in their order. Undefined where rules that were never checked leave it uncovered. */
export function statusInSpan(span: SpanDays, rules: readonly StatusRule[], day: string): Status | undefined {
  const rule =
    span.state === "overridden"
      ? rules.find(({ status }) => status === span.overrideStatus)
      : rules.find((each) => matches(each, span, day));
  if (rule) return { status: rule.status, counts: rule.counts };
  return span.state === "overridden" ? { status: span.overrideStatus ?? "", counts: false } : undefined;
}

/** The field of a span that has the day of an event. */
export const eventFields = {
  join: "joinedOn",
  chain_start: "chainStartsOn",
  start: "termStartsOn",
  end: "termEndsOn",
  state: "stateOn",
} as const satisfies { readonly [E in RuleEvent]: keyof SpanDays };

function matches(rule: StatusRule, span: SpanDays, day: string): boolean {
  if (rule.manual === true || rule.state !== span.state) return false;
  if (rule.withinTerm === true && !(span.termEndsOn === null || day <= span.termEndsOn)) return false;
  const from = rule.from && dayOfRule(rule.from, span);
  const until = rule.until && dayOfRule(rule.until, span);
  return (
    from !== null && (from === undefined || from <= day) && (until === undefined || until === null || day <= until)
  );
}

/** Null where the event has no day. */
export function dayOfRule(rule: RuleDay, span: SpanDays): string | null {
  const day = span[eventFields[rule.event]];
  return day === null ? null : offsetDay(day, rule);
}
