/** Takes stages out of a pipeline in which records are, or have been. */
import * as z from "zod";
import type { InputIssue } from "../../errors.ts";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import type { Where } from "../../kernel/repository/where.ts";
import { changeStages } from "./change-stages.ts";
import { findPipeline, liveOf } from "./find-pipeline.ts";
import { lockLeft } from "./lock-stages.ts";
import type { StageDefinition } from "./pipeline-definition.ts";
import type { PipelinedContext, PipelinedModel } from "./pipelined-context.ts";
import { type DefinedPipeline, lockPipelines, type StageRecord } from "./pipelines.ts";

export interface StageRetirement {
  /** The key of the pipeline. */
  readonly pipeline: string;
  /** The key of the stage. */
  readonly stage: string;
  /** The key of the stage where the records go that are in it; they stay, unless given. */
  readonly moveTo?: string;
}

export interface StageMerger {
  /** The key of the pipeline. */
  readonly pipeline: string;
  /** The key of the stage that ends. */
  readonly from: string;
  /** The key of the stage that goes on for both. */
  readonly into: string;
}

const retirementSchema = z.strictObject({ pipeline: z.string(), stage: z.string(), moveTo: z.string().optional() });
const mergerSchema = z.strictObject({ pipeline: z.string(), from: z.string(), into: z.string() });
/** So many are changed with one list of statements. */
const BATCH = 1_000;

/** Archives the stage: nothing enters it any more, and what is in it may leave. */
export async function retireStage(context: PipelinedContext, given: unknown): Promise<DefinedPipeline> {
  const { pipeline: key, stage, moveTo } = parsed(retirementSchema, given);
  return context.transaction(async (tx) => {
    await lockPipelines(tx, tx.entity.name);
    const pipeline = await findPipeline(tx, key);
    if (moveTo === undefined) return withoutStage(tx, pipeline, { gone: named(pipeline, { stage }).stage });
    const { stage: gone, moveTo: instead } = named(pipeline, { stage, moveTo });
    await lockLeft(tx, gone);
    await moveAll(tx, gone, instead);
    return withoutStage(tx, pipeline, { gone, instead });
  });
}

/**
 * Records stay where they are, under the other stage: since when, and with a probability that was set by hand. Their stays in the stage, past
 * and present, count for the other one from now on; what they were until now is in their history.
 */
export async function mergeStages(context: PipelinedContext, given: unknown): Promise<DefinedPipeline> {
  const { pipeline: key, from, into } = parsed(mergerSchema, given);
  return context.transaction(async (tx) => {
    await lockPipelines(tx, tx.entity.name);
    const pipeline = await findPipeline(tx, key);
    const { from: gone, into: kept } = named(pipeline, { from, into });
    if (gone.outcome !== kept.outcome) {
      const message = `is ${kept.outcome}, and ${from} is ${gone.outcome}: records would be closed or opened unasked. Move them instead`;
      throw invalidInput("stage", [{ field: "into", code: "not_allowed", message }]);
    }
    await lockLeft(tx, gone);
    await repoint(tx, gone, kept);
    return withoutStage(tx, pipeline, { gone, instead: kept });
  });
}

function parsed<T>(schema: z.ZodType<T>, given: unknown): T {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw invalidInput("stage", inputIssues(result.error.issues, given));
}

/** The stages of these keys. @throws `invalid_input`, naming those that the pipeline does not have, and one that is named twice. */
function named<K extends string>(
  { key, stages }: DefinedPipeline,
  keys: { readonly [field in K]: string },
): { readonly [field in K]: StageRecord } {
  const live = new Map(liveOf(stages).map((stage) => [stage.key, stage]));
  const given = Object.entries<string>(keys);
  const issues = given.flatMap(([field, name], at): InputIssue[] => {
    if (!live.has(name))
      return [{ field, code: "not_allowed", message: `is "${name}", which is no stage of pipeline ${key}` }];
    const repeated = given.slice(0, at).some(([, earlier]) => earlier === name);
    return repeated ? [{ field, code: "repeated", message: "is the stage itself" }] : [];
  });
  if (issues.length > 0) throw invalidInput("stage", issues);
  return Object.fromEntries(given.map(([field, name]) => [field, live.get(name)])) as {
    readonly [field in K]: StageRecord;
  };
}

async function moveAll(tx: PipelinedContext, from: StageRecord, to: StageRecord): Promise<void> {
  for (;;) {
    const records = await inStage(tx, { stageId: from.id });
    if (records.length === 0) return;
    await changeStages(
      tx,
      records.map((record) => ({ record, from, to })),
    );
  }
}

async function inStage({ records }: PipelinedContext, where: Where<PipelinedModel, "record">) {
  return (await records.list({ where, archived: "include", limit: BATCH })).items;
}

async function repoint(tx: PipelinedContext, from: StageRecord, to: StageRecord): Promise<void> {
  for (;;) {
    const records = await inStage(tx, { stageId: from.id });
    if (records.length === 0) break;
    await tx.records.updateMany(
      records.map(({ id, version, probability }) => ({
        id,
        version,
        stageId: to.id,
        ...(probability === from.probability ? { probability: to.probability } : {}),
      })),
    );
  }
  for (;;) {
    const { items } = await tx.stays.list({ where: { stageId: from.id }, archived: "include", limit: BATCH });
    if (items.length === 0) return;
    await tx.stays.updateMany(items.map(({ id }) => ({ id, stageId: to.id })));
  }
}

interface Change {
  readonly gone: StageRecord;
  /** Leads on for it. */
  readonly instead?: StageRecord;
}

/**
 * Archives the stage, and defines the pipeline as it is, but for it: what led there leads to the other one.
 *
 * @throws `invalid_input` where a stage would lead nowhere, or no open one would be left.
 */
async function withoutStage(tx: PipelinedContext, pipeline: DefinedPipeline, change: Change): Promise<DefinedPipeline> {
  const { key, name, entityType, stages } = pipeline;
  await tx.stages.archive(change.gone.id);
  const kept = liveOf(stages).filter(({ id }) => id !== change.gone.id);
  const leading = kept.map((stage) => ({ ...stage, nextStages: nextWithout(stage, kept, change) }));
  const lost = leading.filter(({ nextStages }, i) => nextStages?.length === 0 && kept[i]!.nextStages!.length > 0);
  if (lost.length > 0) {
    const message = `is where alone ${lost.map((stage) => stage.key).join(", ")} leads: define its nextStages first`;
    throw invalidInput("stage", [{ field: "stage", code: "not_allowed", message }]);
  }
  return tx.pipelines.define({ key, name, entityType, stages: await definitionsOf(tx, leading) });
}

function nextWithout({ key, nextStages }: StageRecord, kept: readonly StageRecord[], { gone, instead }: Change) {
  if (!nextStages) return null;
  const known = new Set(kept.map((stage) => stage.key));
  const next = nextStages.map((each) => (each === gone.key && instead ? instead.key : each));
  return [...new Set(next)].filter((each) => each !== key && known.has(each));
}

async function definitionsOf(
  tx: PipelinedContext,
  stages: readonly StageRecord[],
): Promise<readonly StageDefinition[]> {
  const ids = [...new Set(stages.flatMap(({ phaseId }) => phaseId ?? []))];
  const { items } = await tx.phases.list({ where: { id: { in: ids } }, archived: "include", limit: BATCH });
  const phases = new Map(items.map(({ id, key }) => [id, key]));
  return stages.map(({ key, name, outcome, probability, nextStages, requiredFields, staleAfterDays, phaseId }) => ({
    key,
    name,
    outcome,
    probability,
    nextStages: nextStages ?? undefined,
    requiredFields: requiredFields ?? undefined,
    staleAfterDays: staleAfterDays ?? undefined,
    phase: phaseId === null ? undefined : phases.get(phaseId),
  }));
}
