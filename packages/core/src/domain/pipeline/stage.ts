/** A stage of a pipeline. Its fields are written by `pipelines.define`, and where stages are retired and merged. Its outcome decides what a record in it counts as; its probability is never what decides. */
import * as z from "zod";
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { decimal, integer, json, oneOf, reference, text } from "../../kernel/entity/fields.ts";

export const stage = defineEntity("stage", {
  plural: "stages",
  fields: {
    pipelineId: reference("pipeline", { inverse: "stages", onDelete: "cascade" }).written("operations"),
    /** Its stable name in code, unique in its pipeline. */
    key: text({ maxLength: 100 }).written("operations"),
    name: text().written("operations"),
    /** Stages stand in ascending order. */
    position: integer().written("operations"),
    outcome: oneOf("open", "won", "lost").written("operations"),
    /** What it counts as in reports over several pipelines. */
    phaseId: reference("phase", { inverse: "stages" }).optional().written("operations"),
    /** In per cent: 0 to 100. */
    probability: decimal({ scale: 2, min: 0, max: 100 }).written("operations"),
    /** Keys of the stages that a record may move to from here; null: any of the pipeline. */
    nextStages: json(() => z.array(z.string()))
      .optional()
      .written("operations"),
    /** Fields that a record must have to enter; null: none. */
    requiredFields: json(() => z.array(z.string()))
      .optional()
      .written("operations"),
    /** A record that stays longer is stale; null: never. */
    staleAfterDays: integer({ min: 0 }).optional().written("operations"),
  },
  unique: [["pipelineId", "key"]],
  indexes: [["pipelineId", "position"]],
});
