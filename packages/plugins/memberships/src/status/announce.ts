/** What there is to tell of one membership since it was last told of: a pure function. */
import { addDays, compareText } from "@relata/core/plugin";
import { FIRST_DAY, LAST_DAY, offsetDay } from "./day-offset.ts";
import { type SpanDays, statusOn } from "./status-on.ts";
import type { StatusRule } from "./status-rule.ts";
import { statusDays } from "./timeline.ts";

interface AnnouncedSpan extends SpanDays {
  readonly levelId: string;
}

export interface Announced {
  readonly announcedStatus: string | null;
  readonly announcedThrough: string | null;
  readonly spans: readonly AnnouncedSpan[];
  readonly rules: readonly StatusRule[];
  /** Of the level that the last term is on. */
  readonly reminderDays: readonly number[];
}

export interface StatusChange {
  readonly on: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly levelId: string | null;
}

export type Announcement =
  | {
      readonly name:
        | "membership.status_changed"
        | "membership.joined"
        | "membership.rejoined"
        | "membership.grace_entered"
        | "membership.lapsed";
      readonly data: StatusChange;
    }
  | { readonly name: "membership.reminder_due"; readonly data: { on: string; endsOn: string; days: number } };

/**
 * In the order of days, from the last one that was told of, because it may be another one since, or from the first one ever. What was recorded late and
 * lies before that day is told of as one change, from what was last told to what holds on it. Reminders of that day were told of.
 */
export function announcementsOf(announced: Announced, through: string): readonly Announcement[] {
  const { announcedThrough } = announced;
  if (announcedThrough !== null && announcedThrough > through) return [];
  const from = announcedThrough ?? FIRST_DAY;
  const next = announcedThrough === null ? FIRST_DAY : addDays(announcedThrough, 1);
  const all = [
    ...changes(announced, { from, until: through }),
    ...reminders(announced, { from: next, until: through }),
  ];
  return all.toSorted((a, b) => compareText(a.data.on, b.data.on));
}

interface Days {
  readonly from: string;
  readonly until: string;
}

function changes({ announcedStatus, spans, rules }: Announced, days: Days): readonly Announcement[] {
  const told: Announcement[] = [];
  let before = announcedStatus;
  let end: string | undefined;
  const change = (data: StatusChange) => told.push({ name: "membership.status_changed", data });
  for (const { status, counts, firstDay, lastDay, span } of statusDays(spans, rules, days)) {
    const gap = end === undefined ? days.from : addDays(end, 1);
    if (before !== null && gap < firstDay) {
      change({ on: gap, from: before, to: null, levelId: null });
      before = null;
    }
    end = lastDay;
    if (status === before) continue;
    const data = { on: firstDay, from: before, to: status, levelId: span.levelId };
    change(data);
    const counted = rules.some((rule) => rule.status === before && rule.counts);
    const ranOut = span.state === "term" && span.termEndsOn !== null && firstDay > span.termEndsOn;
    if (counts && !counted)
      told.push({ name: isFirst(before, rules, span) ? "membership.joined" : "membership.rejoined", data });
    if (counts && ranOut) told.push({ name: "membership.grace_entered", data });
    if (!counts && counted && span.state === "term") told.push({ name: "membership.lapsed", data });
    before = status;
  }
  if (end === undefined && before !== null && days.from <= days.until)
    change({ on: days.from, from: before, to: null, levelId: null });
  return told;
}

/** A member for the first time comes from nowhere, or from waiting. */
function isFirst(before: string | null, rules: readonly StatusRule[], span: SpanDays): boolean {
  const waited = before === null || rules.some(({ status, state }) => status === before && state === "pending");
  return waited && span.chainStartsOn === span.joinedOn;
}

/**
 * Of the last term only: what is renewed needs no reminder, and neither does what is cancelled or ended by death. Days before its first one, and
 * on which it did not count, have none.
 */
function reminders({ spans, rules, reminderDays }: Announced, { from, until }: Days): readonly Announcement[] {
  const last = spans.find(({ lastDay }) => lastDay === LAST_DAY);
  if (!last?.termEndsOn || last.state === "cancelled" || last.state === "deceased") return [];
  const endsOn = last.termEndsOn;
  const first = spans.find(
    ({ termStartsOn, state }) => state === "term" && termStartsOn === last.termStartsOn,
  )?.firstDay;
  return [...new Set(reminderDays)].flatMap((days) => {
    const on = offsetDay(endsOn, { unit: "day", count: -days });
    if (on < from || on > until || first === undefined || on < first) return [];
    return statusOn(spans, rules, on)?.counts
      ? [{ name: "membership.reminder_due" as const, data: { on, endsOn, days } }]
      : [];
  });
}
