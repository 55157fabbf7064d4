/** What a relationship rests on: an activity or another record, a page, a note. */
import { date, defineEntity, reference, text } from "@relata/core/plugin";

export const relationshipEvidence = defineEntity("relationshipEvidence", {
  plural: "relationshipEvidences",
  fields: {
    relationshipId: reference("relationship", { inverse: "evidences", onDelete: "cascade" }).written("once"),
    recordType: text({ maxLength: 100 }).optional(),
    recordId: text({ maxLength: 200 }).optional(),
    url: text({ maxLength: 10_000 }).optional(),
    note: text({ maxLength: 100_000 }).optional(),
    /** The day that it speaks of. */
    on: date().optional(),
  },
  polymorphic: [{ type: "recordType", id: "recordId", onDelete: "detach" }],
});
