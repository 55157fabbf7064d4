/** Recurring activities and calendar files. */
export type { Calendar, CalendarOptions } from "./calendar.ts";
export { calendar } from "./calendar.ts";
export type { CalendarFileQuery } from "./calendar-file.ts";
export type { Expansion } from "./expand-recurrence.ts";
export { expandRecurrence } from "./expand-recurrence.ts";
export type { OccurrencesQuery } from "./occurrences.ts";
