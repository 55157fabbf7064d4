/** Pipelines and stages by their keys. */
import { CrmError } from "../../errors.ts";
import type { PipelinedContext } from "./pipelined-context.ts";
import { type DefinedPipeline, type StageRecord, stagesOf } from "./pipelines.ts";

/** A pipeline of the entity that is not archived, with its stages, the archived ones too. @throws `not_found` */
export async function findPipeline(context: PipelinedContext, key: string): Promise<DefinedPipeline> {
  const { name, plural } = context.entity;
  const pipeline = await context.pipelines.find({ where: { entityType: name, key } });
  if (pipeline) return { ...pipeline, stages: await stagesOf(context, { pipelineId: pipeline.id }) };
  throw new CrmError("not_found", `There is no pipeline "${key}" of ${plural}.`, {
    details: { entity: "pipeline", key },
  });
}

/** Those that are not archived. */
export function liveOf(stages: readonly StageRecord[]): readonly StageRecord[] {
  return stages.filter(({ archivedAt }) => archivedAt === null);
}
