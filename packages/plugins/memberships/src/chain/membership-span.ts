/**
 * The days of a membership, cut where its terms and events begin and end: every day from the first one on lies in exactly one span. It is
 * made from terms, events and orders alone, in the unit that writes them, and neither from rules nor from today: it is never stale, and a
 * status of any day is a comparison of the days that stand in one row.
 */
import { date, defineEntity, oneOf, reference, text } from "@relata/core/plugin";

export const spanStates = ["pending", "term", "paused", "cancelled", "deceased", "overridden"] as const;
/** What came after a term; see `outcomesOf`. */
export const termOutcomes = ["changed", "renewed", "died", "left"] as const;
export type TermOutcome = (typeof termOutcomes)[number];

export const membershipSpan = defineEntity("membershipSpan", {
  plural: "membershipSpans",
  written: "operations",
  fields: {
    membershipId: reference("membership", { inverse: "spans", onDelete: "cascade" }),
    programId: reference("membershipProgram", { inverse: "spans" }),
    /** Of the term that governs, or of the first order while it is pending. */
    levelId: reference("membershipLevel", { inverse: "spans" }),
    /** The first and the last day; "9999-12-31": it goes on. */
    firstDay: date(),
    lastDay: date(),
    state: oneOf(...spanStates),
    /** The day on which the event of the state began; of a term, and while it is pending, the first day. */
    stateOn: date(),
    /** What the override says. */
    overrideStatus: text({ maxLength: 100 }).optional(),
    /** The days that rules count from: of the membership, of its unbroken chain, and of the term that governs; null while pending. */
    joinedOn: date().optional(),
    chainStartsOn: date().optional(),
    termStartsOn: date().optional(),
    /** Null while pending, and for life. */
    termEndsOn: date().optional(),
    /** The term that governs; null while pending. A term that an undone merge takes away leaves the span to what it was. */
    termId: reference("membershipTerm", { inverse: "spans", onDelete: "detach" }).optional(),
    /** What came after the term; of its last span, and null of the others and for life. */
    termOutcome: oneOf(...termOutcomes).optional(),
  },
  unique: [["membershipId", "firstDay"]],
  indexes: [
    // What `advance` and renewals look for: whose rules begin or end in some days. What the rate of renewals is counted by comes with the ends.
    ["termEndsOn", "termOutcome", "levelId", "programId"],
    ["joinedOn"],
    ["firstDay"],
    // What is counted by: all that a status needs, so that the rows themselves are not read.
    [
      ...(["state", "lastDay", "firstDay", "termEndsOn", "termStartsOn", "joinedOn"] as const),
      ...(["chainStartsOn", "stateOn", "overrideStatus", "levelId", "programId"] as const),
    ],
  ],
});
