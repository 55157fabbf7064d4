/** Entering stages, and taking stages out of a pipeline: who does the one and who does the other come one after another. */
import type { PipelinedContext } from "./pipelined-context.ts";
import type { StageRecord } from "./pipelines.ts";

/** Before records are written that enter these stages: none of them is retired until the unit ends, unless it is already. */
export async function lockEntered(
  context: Pick<PipelinedContext, "lockSharedAtWrite">,
  stages: readonly Pick<StageRecord, "id">[],
): Promise<void> {
  const ids = new Set(stages.map(({ id }) => id));
  if (ids.size > 0) await context.lockSharedAtWrite(...[...ids].map((id) => `stage:${id}`));
}

/** Before the records are looked for that are in the stage: those that are entering it are waited for, and no others will. */
export function lockLeft(context: Pick<PipelinedContext, "lock">, { id }: Pick<StageRecord, "id">): Promise<void> {
  return context.lock(`stage:${id}`);
}
