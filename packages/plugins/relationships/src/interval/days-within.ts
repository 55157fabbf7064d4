/** What stands within the days of something else: holding an office, taking part in an engagement. */
import { type InputIssue, invalidInput } from "@relata/core/plugin";
import type { Days } from "../edge/edge-days.ts";
import { type DayInterval, FIRST_DAY, firstDay, LAST_DAY, lastDay } from "./day-interval.ts";

interface OwnDays {
  readonly validFrom?: string | null;
  readonly validUntil?: string | null;
}

interface Proposed {
  readonly input: OwnDays;
  readonly before?: DayInterval;
}

/** In a `before` hook. @throws `invalid_input` for a last day before the first */
export function refuseEndBeforeStart(entity: string, batch: readonly Proposed[]): void {
  const isNew = batch.length > 1 && batch.every(({ before }) => !before);
  const issues = batch.flatMap(({ input, before }, index): readonly InputIssue[] => {
    const { validFrom, validUntil } = { ...before, ...input };
    if (!validFrom || !validUntil || validFrom <= validUntil) return [];
    const message = `is before the first day, ${validFrom}`;
    return [{ field: "validUntil", code: "out_of_range", message, ...(isNew ? { index } : {}) }];
  });
  if (issues.length > 0) throw invalidInput(entity, issues);
}

/** A stated day that lies outside of the other's days. `what`: "the office". */
export function outsideIssues(
  what: string,
  outer: DayInterval,
  { validFrom = null, validUntil = null }: OwnDays,
): readonly InputIssue[] {
  for (const [field, day] of Object.entries({ validFrom, validUntil })) {
    if (day === null) continue;
    const code = "out_of_range";
    if (day < firstDay(outer))
      return [{ field, code, message: `is before the first day of ${what}, ${outer.validFrom}` }];
    if (day > lastDay(outer))
      return [{ field, code, message: `is after the last day of ${what}, ${outer.validUntil}` }];
  }
  return [];
}

/** The bounds that are open and that the other has; undefined where there are none. */
export function missingDays(
  outer: DayInterval,
  { validFrom = null, validUntil = null }: OwnDays,
): { readonly validFrom?: string; readonly validUntil?: string } | undefined {
  const missing = {
    ...(validFrom === null && outer.validFrom !== null ? { validFrom: outer.validFrom } : {}),
    ...(validUntil === null && outer.validUntil !== null ? { validUntil: outer.validUntil } : {}),
  };
  return Object.keys(missing).length === 0 ? undefined : missing;
}

/** For a message: "from 2019-01-01 until 2020-12-31". */
export function daysText({ validFrom, validUntil }: DayInterval): string {
  const days = [validFrom && `from ${validFrom}`, validUntil && `until ${validUntil}`].filter(Boolean);
  return days.length === 0 ? "on all days" : days.join(" ");
}

/** The condition on offices and engagements that are there on some of the days. */
export function thereDuring({ from, until }: Days) {
  return {
    and: [
      { or: [{ validFrom: null }, { validFrom: { lte: until ?? LAST_DAY } }] },
      { or: [{ validUntil: null }, { validUntil: { gte: from ?? FIRST_DAY } }] },
    ],
  };
}
