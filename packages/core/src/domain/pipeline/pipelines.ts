/** What one can do with pipelines. */
import { CrmError, type InputIssue } from "../../errors.ts";
import type { RecordOf } from "../../kernel/entity/model.ts";
import type { ContextBase } from "../../kernel/plugin/handle.ts";
import type { Where } from "../../kernel/repository/where.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import {
  checkedDefinition,
  type PipelineDefinition,
  refusedDefinition,
  type StageDefinition,
} from "./pipeline-definition.ts";

export type PipelineRecord = RecordOf<DomainModel, "pipeline">;
export type StageRecord = RecordOf<DomainModel, "stage">;

export interface DefinedPipeline extends PipelineRecord {
  /** In order. */
  readonly stages: readonly StageRecord[];
}

export interface PipelineOperations {
  /**
   * Creates the pipeline with this key, or makes the existing one like this: stages are found by their keys, added, renamed, changed and
   * put into this order, with records in them. What was archived and is named is brought back. A stage that is left out is deleted; one
   * that was retired before stays retired.
   *
   * @throws `invalid_input`; `still_referenced` for a stage that is left out and that a record is or has been in: retire it, or merge
   * it into another one. An outcome cannot change.
   */
  define(definition: PipelineDefinition): Promise<DefinedPipeline>;
}

export function pipelineOperations(context: DomainContext): PipelineOperations {
  return { define: (definition) => definePipeline(context, definition) };
}

async function definePipeline(context: DomainContext, definition: PipelineDefinition): Promise<DefinedPipeline> {
  const { stages, ...own } = checkedDefinition(context, definition);
  return context.transaction(async (tx) => {
    const { key, entityType } = own;
    await lockPipelines(tx, entityType);
    const existing = await tx.pipelines.find({ where: { entityType, key }, archived: "include" });
    const others = { entityType, isDefault: true, key: { ne: key } };
    const defaults = (await tx.pipelines.list({ where: others, archived: "include", limit: 1000 })).items;
    const wasDefault = existing?.isDefault === true && existing.archivedAt === null;
    const isDefault = (own.isDefault ?? wasDefault) || defaults.every((pipeline) => pipeline.archivedAt !== null);
    if (isDefault) await tx.pipelines.updateMany(defaults.map(({ id }) => ({ id, isDefault: false })));
    if (existing?.archivedAt) await tx.pipelines.restore(existing.id);
    const pipeline = existing
      ? await tx.pipelines.update(existing.id, { name: own.name, isDefault })
      : await tx.pipelines.create({ ...own, isDefault });
    await defineStages(tx, pipeline, stages);
    return { ...pipeline, stages: await stagesOf(tx, { pipelineId: pipeline.id }) };
  });
}

/** One of an entity's pipelines is the default one, and stages stand together: who changes any of it comes one after another. */
export function lockPipelines(tx: Pick<ContextBase, "lock">, entityType: string): Promise<void> {
  return tx.lock(`pipelines:${entityType}`);
}

async function defineStages(
  tx: DomainContext,
  pipeline: PipelineRecord,
  stages: readonly StageDefinition[],
): Promise<void> {
  const pipelineId = pipeline.id;
  const existing = new Map((await stagesOf(tx, { pipelineId })).map((stage) => [stage.key, stage]));
  const phaseIds = await phaseIdsOf(tx, pipeline.entityType, stages);
  for (const { key, outcome } of stages) {
    const stage = existing.get(key);
    if (stage?.archivedAt) await tx.stages.restore(stage.id);
    if (stage && stage.outcome !== outcome) {
      const message = `has the outcome ${stage.outcome}, which cannot change: add another stage`;
      throw refusedDefinition([{ field: `stages.${key}`, code: "outcome_fixed", message }]);
    }
  }
  const wanted = stages.map((stage, position) => ({
    key: stage.key,
    name: stage.name,
    position,
    probability: stage.probability ?? (stage.outcome === "won" ? "100" : "0"),
    nextStages: stage.nextStages ? [...stage.nextStages] : null,
    requiredFields: stage.requiredFields ? [...stage.requiredFields] : null,
    staleAfterDays: stage.staleAfterDays ?? null,
    phaseId: stage.phase === undefined ? null : phaseIds.get(stage.phase)!,
    outcome: stage.outcome,
  }));
  await tx.stages.updateMany(
    wanted.flatMap((stage) => (existing.has(stage.key) ? [{ ...stage, id: existing.get(stage.key)!.id }] : [])),
  );
  await tx.stages.createMany(wanted.flatMap((stage) => (existing.has(stage.key) ? [] : [{ ...stage, pipelineId }])));
  const kept = new Set(stages.map((stage) => stage.key));
  for (const stage of existing.values())
    if (!kept.has(stage.key) && stage.archivedAt === null) await removeStage(tx, pipeline, stage);
}

/** By key. @throws `invalid_input`, naming those that are unknown. */
async function phaseIdsOf(
  tx: DomainContext,
  entityType: string,
  stages: readonly StageDefinition[],
): Promise<ReadonlyMap<string, string>> {
  const keys = [...new Set(stages.flatMap(({ phase }) => phase ?? []))];
  if (keys.length === 0) return new Map();
  // An archived one may be kept; a stage that takes it anew is refused with the write.
  const where = { entityType, key: { in: keys } };
  const known = await tx.phases.list({ where, archived: "include", limit: 1_000 });
  const ids = new Map(known.items.map(({ key, id }) => [key, id]));
  const issues = stages.flatMap(({ key, phase }): InputIssue[] => {
    if (phase === undefined || ids.has(phase)) return [];
    const message = `is "${phase}", which is no phase of ${entityType}: create it in phases first`;
    return [{ field: `stages.${key}.phase`, code: "not_allowed", message }];
  });
  if (issues.length > 0) throw refusedDefinition(issues);
  return ids;
}

async function removeStage(tx: DomainContext, pipeline: PipelineRecord, { id, key }: StageRecord): Promise<void> {
  try {
    await tx.stages.delete(id);
  } catch (error) {
    if (!CrmError.is(error, "still_referenced")) throw error;
    const message = `Stage ${key} of pipeline ${pipeline.key} is left out, but records are or have been in it. Retire it (retireStage), or merge it into another one (mergeStages), and define the pipeline then.`;
    throw new CrmError("still_referenced", message, { details: { ...error.details, stage: key }, cause: error });
  }
}

/** Stages in the order of their pipeline, the archived ones too: records may be in them. */
export async function stagesOf(
  context: Pick<DomainContext, "stages">,
  where: Where<DomainModel, "stage">,
): Promise<readonly StageRecord[]> {
  const stages: StageRecord[] = [];
  const inOrder = [{ pipelineId: "asc" }, { position: "asc" }] as const;
  for await (const stage of context.stages.iterate({ where, orderBy: inOrder, archived: "include" }))
    stages.push(stage);
  return stages;
}

/** The stages of these pipelines, in order, the archived ones too, as they are known: see `known` of repositories. */
export async function knownStages(
  context: Pick<DomainContext, "stages">,
  pipelineIds: Iterable<string>,
): Promise<readonly StageRecord[]> {
  const stages: StageRecord[] = [];
  for (const pipelineId of new Set(pipelineIds)) {
    const own = await context.stages.known({ pipelineId });
    stages.push(...own.toSorted((a, b) => a.position - b.position));
  }
  return stages;
}
