/** The plugin on one screen: what it brings, and where each rule stands. */
import { definePlugin, loadedFunction } from "@relata/core/plugin";
import { beginSeries } from "./begin-series.ts";
import type { CalendarFileQuery } from "./calendar-file.ts";
import { type FollowOptions, followSeries } from "./follow-series.ts";
import { type OccurrencesQuery, occurrencesOf } from "./occurrences.ts";
import { parts } from "./parts.ts";

export interface CalendarOptions {
  /**
   * What follows a recurring activity that was done late: `skip`, the next occurrence that is still to come; `keep`, the next one of the
   * rule, so that each that was missed is there to be done. `skip` unless given.
   */
  readonly missed?: FollowOptions["missed"];
}

/** What writes calendar files, and knows all time zones, is loaded with the first one. */
const calendarFile = loadedFunction(async () => (await import("./calendar-file.ts")).calendarFile);

const define = ({ missed = "skip" }: CalendarOptions = {}) =>
  definePlugin({
    id: "calendar",
    version: "1.0.0",
    ...parts,
    hooks: {
      activity: {
        before: beginSeries,
        after: (context, batch) => followSeries(context, batch, { missed }),
      },
    },
    services: (context) => ({
      /** When a recurring activity takes place between two instants; of any other one, when it does itself. @throws `not_found` */
      occurrences: (id: string, query: OccurrencesQuery) => occurrencesOf(context, id, query),
      /** A calendar file (RFC 5545) of activities: `text/calendar`, in UTF-8. */
      ics: (query: CalendarFileQuery) => calendarFile(context, query),
    }),
  });

type Named<T> = T;
/** A named interface keeps declaration files and hovers short. */
export interface Calendar extends Named<ReturnType<typeof define>> {}

/**
 * Recurring activities by the rules of RFC 5545, `crm.calendar.occurrences`, and calendar files, `crm.calendar.ics`.
 *
 * @example
 * ```ts run
 * import { calendar } from "@relata/calendar";
 * import { createCrm } from "@relata/core";
 * import { memory } from "@relata/memory";
 *
 * const crm = await createCrm({ storage: memory(), plugins: [calendar()] });
 * const task = await crm.activities.create({
 *   kind: "task",
 *   subject: "Call the bank",
 *   dueAt: new Date("2026-06-01T09:00:00Z"),
 *   recurrence: "FREQ=WEEKLY;BYDAY=MO",
 * });
 * await crm.activities.complete(task.id);
 * const next = await crm.activities.find({ where: { seriesId: task.id } });
 * console.log(next?.dueAt);
 * ```
 */
export const calendar = (options?: CalendarOptions): Calendar => define(options);
