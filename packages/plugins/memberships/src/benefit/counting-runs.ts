/** On which days a membership counts, and at which level: a pure function of its spans and the rules. */
import { addDays, compareText } from "@relata/core/plugin";
import { LAST_DAY } from "../status/day-offset.ts";
import { dayOfRule, type SpanDays, statusInSpan } from "../status/status-on.ts";
import type { StatusRule } from "../status/status-rule.ts";

export interface CountingRun {
  readonly from: string;
  /** The last day. */
  readonly until: string;
  readonly levelId: string;
}

/** In the order of their days, neighbours of one level as one. The rules are in their order. */
export function countingRuns(
  spans: readonly (SpanDays & { readonly levelId: string })[],
  rules: readonly StatusRule[],
): readonly CountingRun[] {
  const runs: CountingRun[] = [];
  for (const span of spans.toSorted((a, b) => compareText(a.firstDay, b.firstDay))) {
    const starts = startsIn(span, rules);
    for (const [at, from] of starts.entries()) {
      if (!statusInSpan(span, rules, from)?.counts) continue;
      const next = starts[at + 1];
      const until = next === undefined ? span.lastDay : addDays(next, -1);
      const last = runs.at(-1);
      if (last && last.levelId === span.levelId && last.until !== LAST_DAY && addDays(last.until, 1) === from)
        runs[runs.length - 1] = { ...last, until };
      else runs.push({ from, until, levelId: span.levelId });
    }
  }
  return runs;
}

/** The first day of the span, and each on which another rule may match than on the day before. */
function startsIn(span: SpanDays, rules: readonly StatusRule[]): readonly string[] {
  const starts = new Set([span.firstDay]);
  const begin = (day: string | null) => {
    if (day !== null && span.firstDay < day && day <= span.lastDay) starts.add(day);
  };
  const beginAfter = (day: string | null) => begin(day === null || day === LAST_DAY ? null : addDays(day, 1));
  for (const rule of rules) {
    if (rule.state !== span.state) continue;
    if (rule.from) begin(dayOfRule(rule.from, span));
    if (rule.until) beginAfter(dayOfRule(rule.until, span));
    if (rule.withinTerm) beginAfter(span.termEndsOn);
  }
  return [...starts].sort(compareText);
}
