/** The pipeline that new records take when none is named: made at first use where none was defined. */
import { CrmError } from "../../errors.ts";
import type { PipelinedContext } from "./pipelined-context.ts";
import type { PipelinedEntity } from "./pipelined-entity.ts";
import { lockPipelines, type PipelineRecord } from "./pipelines.ts";

/** The default pipeline of the entity. @throws `not_found` where there is none, nor a standard one that has never been made. */
export async function defaultPipeline(context: PipelinedContext): Promise<PipelineRecord> {
  const where = { entityType: context.entity.name, isDefault: true };
  const find = ({ pipelines }: PipelinedContext) => pipelines.find({ where });
  return (
    (await find(context)) ??
    context.transaction(async (tx) => {
      await lockPipelines(tx, tx.entity.name);
      return (await find(tx)) ?? firstPipeline(tx);
    })
  );
}

async function firstPipeline(tx: PipelinedContext): Promise<PipelineRecord> {
  const { name: entityType, standard } = tx.entity;
  const known = await tx.pipelines.count({ where: { entityType }, archived: "include" });
  if (known > 0 || standard === undefined) throw noDefault(tx.entity);
  const { lostReasons = [], ...definition } = standard;
  if ((await tx.lostReasons.count({ where: { entityType }, archived: "include" })) === 0)
    await tx.lostReasons.createMany(lostReasons.map((reason, position) => ({ ...reason, entityType, position })));
  return tx.pipelines.define({ ...definition, entityType, isDefault: true });
}

function noDefault({ name: entityType }: PipelinedEntity): CrmError {
  return new CrmError("not_found", `There is no default pipeline for "${entityType}": define one.`, {
    details: { entity: "pipeline", entityType },
  });
}
