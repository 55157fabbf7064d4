/** Which memberships may have something new to tell of since a day: those whose rules begin or end in the days since, and reminders. */
import type { MembershipsContext } from "../parts.ts";
import { earliestAfter, FIRST_DAY, LAST_DAY, latestBefore, offsetDay } from "./day-offset.ts";
import { eventFields } from "./status-on.ts";
import type { RuleDay, StatusRule } from "./status-rule.ts";

export interface DaysSince {
  /** The last day that was told of. */
  readonly after: string;
  readonly through: string;
}

type SpanField = "firstDay" | "joinedOn" | "chainStartsOn" | "termStartsOn" | "termEndsOn" | "stateOn";

interface Range {
  readonly field: SpanField;
  readonly first: string;
  readonly last: string;
}

/** As many lists as rules have different ends, each by a range of days; some ids come several times. */
export function turningMemberships(
  context: MembershipsContext,
  { rules, reminderDays }: { readonly rules: readonly StatusRule[]; readonly reminderDays: readonly number[] },
  days: DaysSince,
): readonly AsyncIterable<string>[] {
  const ends = rules.flatMap(({ from, until }) => [
    ...(from && !(from.count === 0 && from.event !== "end") ? [rangeOf(from, days)] : []),
    ...(until ? [rangeOf(until, days)] : []),
  ]);
  const within: Range[] = rules.some(({ withinTerm }) => withinTerm)
    ? [{ field: "termEndsOn", first: days.after, last: days.through }]
    : [];
  const begun: Range = { field: "firstDay", first: days.after, last: days.through };
  const reminding = [...new Set(reminderDays)].map((count): Range => {
    const moved = (day: string) => offsetDay(day, { unit: "day", count });
    return { field: "termEndsOn", first: moved(days.after), last: moved(days.through) };
  });
  const ranges = [begun, ...ends.flatMap((range) => range ?? []), ...within];
  const different = new Map(ranges.map((range) => [JSON.stringify(range), range]));
  return [
    ...[...different.values()].map((range) => idsOf(context, range)),
    ...reminding.map((range) => idsOf(context, range, LAST_DAY)),
  ];
}

/** The days of the event with which the rule begins or ends in these days. */
function rangeOf(bound: RuleDay, { after, through }: DaysSince): Range | undefined {
  const first = after === FIRST_DAY ? FIRST_DAY : earliestAfter(after, bound);
  const last = latestBefore(through, bound);
  return first === undefined || last === undefined ? undefined : { field: eventFields[bound.event], first, last };
}

async function* idsOf(context: MembershipsContext, { field, first, last }: Range, lastDay?: string) {
  const where = { [field]: { between: [first, last] as const }, ...(lastDay === undefined ? {} : { lastDay }) };
  const spans = context.membershipSpans.iterate({ where, orderBy: [{ [field]: "asc" }], select: ["membershipId"] });
  for await (const { membershipId } of spans) yield membershipId;
}
