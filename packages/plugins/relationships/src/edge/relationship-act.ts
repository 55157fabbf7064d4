/** What was done to a relationship, and why: an end is not a correction. Its versions are in its history. */
import { date, defineEntity, oneOf, reference, text } from "@relata/core/plugin";

export const relationshipAct = defineEntity("relationshipAct", {
  plural: "relationshipActs",
  written: "operations",
  fields: {
    relationshipId: reference("relationship", { inverse: "acts", onDelete: "cascade" }).written("once"),
    /** It ended; what was recorded was wrong; another stands in its place; it never was; an end was taken back. */
    act: oneOf("ended", "corrected", "superseded", "retracted", "reopened").written("once"),
    /** The last day of what ended or was superseded. */
    on: date().optional(),
    reason: text({ maxLength: 10_000 }).optional(),
  },
});
