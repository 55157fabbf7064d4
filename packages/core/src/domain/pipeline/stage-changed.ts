/** What the event `entity.stage_changed` tells. */
import * as z from "zod";

const placeSchema = z.strictObject({
  pipelineId: z.string(),
  stageId: z.string(),
  /** The key of the stage. */
  stage: z.string(),
  outcome: z.enum(["open", "won", "lost"]),
});

/** The data of the event `entity.stage_changed`. */
export const stageChangeSchema = z.strictObject({
  /** Null where the record was in no stage before. */
  from: placeSchema.nullable(),
  to: placeSchema,
});
export type StageChange = Readonly<z.infer<typeof stageChangeSchema>>;
