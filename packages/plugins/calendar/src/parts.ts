/** What the plugin brings, apart from its rules: they take the context that follows from it. */
import { type ContextOf, reference, text } from "@relata/core/plugin";

export const parts = {
  extend: {
    activity: {
      /** The first one of the series that it repeats. */
      seriesId: reference("activity", { inverse: "occurrences", onDelete: "detach" }).optional().written("operations"),
      /** When the series begins, on the wall of the owner: "2026-06-01T09:00:00". */
      seriesStart: text({ maxLength: 19 }).optional().written("operations"),
      /** Which of the rule's occurrences it is, in the same way; it stays when this one is held at another time. */
      occurrence: text({ maxLength: 19 }).optional().written("operations"),
      /** The series and the occurrence: each is there once. */
      occurrenceKey: text({ maxLength: 100 }).optional().unique().written("operations"),
    },
  },
} as const;

export type CalendarContext = ContextOf<typeof parts>;

type Writing = "activities" | "activityParticipants" | "contacts" | "accounts" | "users";
/** A record of the repository of this name. */
export type RecordIn<P extends Writing> = Awaited<ReturnType<CalendarContext[P]["update"]>>;
export type ActivityRecord = RecordIn<"activities">;
export type NewActivity = Parameters<CalendarContext["activities"]["create"]>[0];
export type ActivityPatch = Parameters<CalendarContext["activities"]["update"]>[1];
