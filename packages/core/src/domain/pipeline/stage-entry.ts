/** Each stay of an opportunity in a stage: entered, left, by whom, how long. Written by moves only. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { instant, integer, reference, text } from "../../kernel/entity/fields.ts";

export const stageEntry = defineEntity("stageEntry", {
  plural: "stageEntries",
  written: "operations",
  fields: {
    opportunityId: reference("opportunity", { inverse: "stageEntries", onDelete: "cascade", onMerge: "drop" }),
    stageId: reference("stage", { inverse: "entries" }),
    enteredAt: instant(),
    enteredBy: text().optional(),
    /** Null while the opportunity is in the stage. */
    leftAt: instant().optional(),
    durationMs: integer({ min: 0 }).optional(),
  },
  indexes: [["opportunityId", "enteredAt"]],
});
