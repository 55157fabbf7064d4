/** Moves records from one pipeline to another: each to the stage that its own one is mapped to. */
import * as z from "zod";
import { CrmError, type InputIssue } from "../../errors.ts";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import { changeStages, type StageMove } from "./change-stages.ts";
import { findPipeline, liveOf } from "./find-pipeline.ts";
import { type MoveOptions, moveOptions, setIssues } from "./move-input.ts";
import { inBatches, recordsOf } from "./move-records.ts";
import type { PipelinedContext, PipelinedRecord } from "./pipelined-context.ts";
import { type DefinedPipeline, type StageRecord, stagesOf } from "./pipelines.ts";

export interface PipelineMove<Values = { readonly [field: string]: unknown }>
  extends Omit<MoveOptions<Values>, "version"> {
  /** The key of the pipeline. */
  readonly pipeline: string;
  /** The key of the stage where all of them go. */
  readonly stage?: string;
  /** From the keys of the stages where they are to keys of the stages where they go. */
  readonly stages?: { readonly [from: string]: string };
}

const targetSchema = z.strictObject({
  pipeline: z.string(),
  stage: z.string().optional(),
  stages: z.record(z.string(), z.string()).optional(),
  ...moveOptions,
});
const whichSchema = z.union([z.array(z.string()), z.strictObject({ where: z.looseObject({}) })]);

interface Target {
  readonly pipeline: string;
  readonly stage?: string | undefined;
  readonly stages?: { readonly [from: string]: string } | undefined;
}

interface CheckedMove {
  readonly ids?: readonly string[];
  readonly where: object;
  readonly target: Target;
  readonly options: Omit<MoveOptions, "version">;
}

/** All or nothing. A record that is in the pipeline already stays where it is. Results are in the order of the ids. */
export async function moveToPipeline(
  context: PipelinedContext,
  given: unknown,
  to: unknown,
): Promise<readonly PipelinedRecord[]> {
  const { ids, where, target, options } = checkedMove(context, given, to);
  return context.transaction(async (tx) => {
    const pipeline = await findPipeline(tx, target.pipeline);
    await refuseUnknownStages(tx, pipeline, target);
    return inBatches(tx, ids ?? (await idsOf(tx, where, pipeline.id)), async (unit, batch) => {
      const records = await recordsOf(unit, batch);
      const going = records.filter(({ pipelineId }) => pipelineId !== pipeline.id);
      const mapped = await mapStages(unit, going, { pipeline, target });
      const moved = await changeStages(
        unit,
        mapped.map((move) => ({ ...options, ...move })),
      );
      const byId = new Map(moved.map((record) => [record.id, record]));
      return records.map((record) => byId.get(record.id) ?? record);
    });
  });
}

function checkedMove({ entity }: PipelinedContext, given: unknown, to: unknown): CheckedMove {
  const which = whichSchema.safeParse(typeof given === "string" ? [given] : given);
  const parsed = targetSchema.safeParse(to);
  const ids = which.success && Array.isArray(which.data) ? which.data : undefined;
  const seen = new Set<string>();
  const repeated = ids?.find((id) => seen.size === seen.add(id).size);
  const issues: readonly InputIssue[] = [
    ...(which.success
      ? []
      : [{ field: "", code: "invalid_type", message: "must be an id, a list of ids, or { where }" }]),
    ...(repeated === undefined
      ? []
      : [{ field: "id", code: "repeated", message: `"${repeated}" is moved twice in one list` }]),
    ...(parsed.success ? setIssues(entity, parsed.data.set ?? {}) : inputIssues(parsed.error.issues, to)),
  ];
  if (issues.length > 0 || !which.success || !parsed.success) throw invalidInput(entity.name, issues);
  const { pipeline, stage, stages, ...options } = parsed.data;
  const where = Array.isArray(which.data) ? {} : which.data.where;
  return { ...(ids ? { ids } : {}), where, target: { pipeline, stage, stages }, options: options as MoveOptions };
}

/** @throws `invalid_input`, naming stages that the pipeline does not have, and stages to move from that no pipeline has. */
async function refuseUnknownStages(
  { entity, stages }: PipelinedContext,
  pipeline: DefinedPipeline,
  { stage, stages: map = {} }: Target,
): Promise<void> {
  const live = new Set(liveOf(pipeline.stages).map(({ key }) => key));
  const sources = Object.keys(map);
  const where = { key: { in: sources }, pipeline: { entityType: entity.name } };
  const known = sources.length === 0 ? [] : await stagesOf({ stages }, where);
  const issue = (field: string, name: string) => {
    const message = `is "${name}", which is no stage of pipeline ${pipeline.key}`;
    return { field, code: "not_allowed", message };
  };
  const issues = [
    ...(stage === undefined || live.has(stage) ? [] : [issue("stage", stage)]),
    ...Object.entries(map).flatMap(([from, to]) => (live.has(to) ? [] : [issue(`stages.${from}`, to)])),
    ...sources
      .filter((from) => !known.some(({ key }) => key === from))
      .map((from) => ({ field: `stages.${from}`, code: "unknown_field", message: "is no stage to move from" })),
  ];
  if (issues.length > 0) throw invalidInput(entity.name, issues);
}

async function idsOf({ records }: PipelinedContext, where: object, pipelineId: string): Promise<readonly string[]> {
  const ids: string[] = [];
  const query = { where: { and: [where, { pipelineId: { ne: pipelineId } }] }, archived: "include" } as const;
  for await (const { id } of records.iterate({ ...query, select: ["id"] })) ids.push(id);
  return ids;
}

/** @throws `move_not_allowed`, naming the stages that lead nowhere. */
async function mapStages(
  { entity, stages }: PipelinedContext,
  records: readonly PipelinedRecord[],
  { pipeline, target }: { readonly pipeline: DefinedPipeline; readonly target: Target },
): Promise<readonly StageMove[]> {
  const named = new Set(records.flatMap(({ stageId }) => stageId ?? []));
  const known = new Map((await stagesOf({ stages }, { id: { in: [...named] } })).map((stage) => [stage.id, stage]));
  const live = liveOf(pipeline.stages);
  const unmapped = new Set<string>();
  const moves = records.flatMap((record): StageMove[] => {
    const from = record.stageId === null ? undefined : known.get(record.stageId);
    const to = stageFor(from, live, target);
    if (to) return [{ record, from, to }];
    unmapped.add(from?.key ?? "none");
    return [];
  });
  if (unmapped.size === 0) return moves;
  const keys = [...unmapped].sort();
  const message = `Pipeline ${pipeline.key} has no stage for ${keys.join(", ")}: say where they go by stages, such as { ${keys[0]}: "${live[0]?.key}" }, or by stage.`;
  throw new CrmError("move_not_allowed", message, {
    details: { entity: entity.name, field: "stages", pipeline: pipeline.key, unmapped: keys },
  });
}

/**
 * As it is said; else the one of the same key; else the first one of the same phase, if its outcome is the same. Who begins, begins in the
 * first open one.
 */
function stageFor(
  from: StageRecord | undefined,
  live: readonly StageRecord[],
  { stage, stages: map = {} }: Target,
): StageRecord | undefined {
  const byKey = (key: string | undefined) => live.find((each) => each.key === key);
  if (stage !== undefined) return byKey(stage);
  if (!from) return live.find(({ outcome }) => outcome === "open");
  if (Object.hasOwn(map, from.key)) return byKey(map[from.key]);
  const alike = live.filter(({ outcome }) => outcome === from.outcome);
  return (
    alike.find(({ key }) => key === from.key) ??
    alike.find(({ phaseId }) => phaseId !== null && phaseId === from.phaseId)
  );
}
