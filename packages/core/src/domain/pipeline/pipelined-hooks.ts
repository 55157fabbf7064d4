/** The hooks of an entity that goes through pipelines. */
import { type ChangedRecord, type ProposedRecord, pipelinedContext } from "./pipelined-context.ts";
import type { PipelinedPlace } from "./pipelined-entity.ts";
import type { StagePatch } from "./stage-change.ts";
import { enterAfterWrite, startInPipeline } from "./start-records.ts";

export function startRecords(
  { context, entity }: PipelinedPlace,
  batch: readonly ProposedRecord[],
): Promise<readonly (StagePatch | undefined)[]> {
  return startInPipeline(pipelinedContext(context, entity), batch);
}

export function enterStages({ context, entity }: PipelinedPlace, batch: readonly ChangedRecord[]): Promise<void> {
  return enterAfterWrite(pipelinedContext(context, entity), batch);
}
