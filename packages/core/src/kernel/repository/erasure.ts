/** What is left of a record that was erased: the proof, and nothing of what it said. Written by `erase` only. */
import { defineEntity } from "../entity/define-entity.ts";
import { instant, integer, text } from "../entity/fields.ts";

export const erasure = defineEntity("erasure", {
  plural: "erasures",
  written: "operations",
  history: false,
  fields: {
    entityType: text({ maxLength: 100 }),
    recordId: text({ maxLength: 200 }).indexed(),
    erasedAt: instant(),
    erasedBy: text({ maxLength: 200 }).optional(),
    /** As the caller has given it: a request's number, a legal ground. */
    reason: text().optional(),
    /** How many records went, the record itself and those that were deleted along. */
    records: integer(),
  },
});
