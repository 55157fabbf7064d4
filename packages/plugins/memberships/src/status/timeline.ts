/** The days on which a status changes. */
import { addDays, compareText } from "@relata/core/plugin";
import { dayAfter, earlierOf, laterOf } from "./day-offset.ts";
import { dayOfRule, type SpanDays, type Status, statusInSpan } from "./status-on.ts";
import type { StatusRule } from "./status-rule.ts";

/** Days of one status in one span. */
export interface StatusDays<S extends SpanDays> extends Status {
  readonly firstDay: string;
  /** "9999-12-31": it goes on. */
  readonly lastDay: string;
  readonly span: S;
}

/** From one day to another, both included, without the days that have no status; the rules in their order. */
export function statusDays<S extends SpanDays>(
  spans: readonly S[],
  rules: readonly StatusRule[],
  { from, until }: { readonly from: string; readonly until: string },
): readonly StatusDays<S>[] {
  const found: StatusDays<S>[] = [];
  for (const span of spans.toSorted((a, b) => compareText(a.firstDay, b.firstDay))) {
    const first = laterOf(span.firstDay, from);
    const last = earlierOf(span.lastDay, until);
    if (first > last) continue;
    const starts = [...new Set([first, ...turningDays(span, rules)])].filter((day) => first <= day && day <= last);
    for (const day of starts.toSorted(compareText)) {
      const status = statusInSpan(span, rules, day);
      const open = found.at(-1);
      const goesOn = open?.span === span && open.status === status?.status;
      if (!status || goesOn) continue;
      found.push({ ...status, firstDay: day, lastDay: last, span });
    }
  }
  return found.map((each, at) => {
    const next = found[at + 1];
    return next?.span === each.span ? { ...each, lastDay: addDays(next.firstDay, -1) } : each;
  });
}

/** The only days within a span on which another rule can begin to match. */
function turningDays(span: SpanDays, rules: readonly StatusRule[]): readonly string[] {
  const days: (string | null | undefined)[] = [span.termEndsOn && dayAfter(span.termEndsOn)];
  for (const { state, from, until } of rules) {
    if (state !== span.state) continue;
    days.push(from && dayOfRule(from, span));
    const last = until && dayOfRule(until, span);
    days.push(last && dayAfter(last));
  }
  return days.filter((day) => typeof day === "string");
}
