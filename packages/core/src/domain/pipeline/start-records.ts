/** Puts new records into their pipeline: in the stage named, or in the first open one of the pipeline named, or of the default one. */
import { invalidInput } from "../../kernel/entity/input-issues.ts";
import { enteredPosition } from "../board/board-position.ts";
import { defaultPipeline } from "./default-pipeline.ts";
import { lockEntered } from "./lock-stages.ts";
import type {
  ChangedRecord,
  PipelinedContext,
  PipelinedPatch,
  PipelinedRecord,
  ProposedRecord,
} from "./pipelined-context.ts";
import { hasField, mayBeOutside } from "./pipelined-entity.ts";
import { knownStages, type StageRecord, stagesOf } from "./pipelines.ts";
import { requireFields } from "./required-fields.ts";
import { changeOf, momentOf, type StagePatch } from "./stage-change.ts";
import { enterStages } from "./stays.ts";

export async function startInPipeline(
  context: PipelinedContext,
  batch: readonly ProposedRecord[],
): Promise<readonly (StagePatch | undefined)[]> {
  const { entity } = context;
  for (const { input, before } of batch) if (before) refuseProbabilityOfClosed(context, input, before);
  const starting = batch.flatMap(({ input, before }) => (before || staysOutside(context, input) ? [] : [input]));
  if (starting.length === 0) return [];
  const known = await stagesFor(context, starting);
  const stageOf = new Map(starting.map((input) => [input, firstStage(context, input, known)]));
  await lockEntered(context, [...stageOf.values()]);
  const moment = await momentOf(context, [...stageOf.values()]);
  return batch.map(({ input }, i) => {
    const to = stageOf.get(input);
    if (!to) return undefined;
    const started: StagePatch = {
      ...changeOf(entity, { to, createdAt: moment.now, closing: {} }, moment),
      boardPosition: enteredPosition(moment.now, i),
    };
    const byHand = to.outcome === "open" && hasField(entity, "probability") ? input.probability : undefined;
    return byHand === undefined ? started : { ...started, probability: byHand };
  });
}

function staysOutside({ entity }: PipelinedContext, { pipelineId, stageId }: PipelinedPatch): boolean {
  return mayBeOutside(entity) && (pipelineId ?? stageId ?? null) === null;
}

/** What is won or lost is certain; a move brings its own probability. */
function refuseProbabilityOfClosed(
  { entity }: PipelinedContext,
  { probability, stageId }: PipelinedPatch,
  before: PipelinedRecord,
): void {
  const { status } = before;
  const kept = probability === undefined || probability === before.probability;
  if (kept || stageId !== undefined || status === "open" || status === null) return;
  if (!hasField(entity, "probability")) return;
  const message = `is fixed at ${before.probability} while the ${entity.name} is ${status}`;
  throw invalidInput(entity.name, [{ field: "probability", code: "read_only_field", message }]);
}

interface KnownStages {
  /** The default pipeline, where an input needs it. */
  readonly fallback: string | undefined;
  readonly all: readonly StageRecord[];
}

async function stagesFor(context: PipelinedContext, inputs: readonly PipelinedPatch[]): Promise<KnownStages> {
  const named = inputs.flatMap(({ stageId }) => stageId ?? []);
  const ofNamed = named.length === 0 ? [] : await stagesOf(context, { id: { in: named } });
  const pipelineIds = new Set([
    ...inputs.flatMap(({ pipelineId }) => pipelineId ?? []),
    ...ofNamed.map((stage) => stage.pipelineId),
  ]);
  const needsDefault = inputs.some(({ pipelineId, stageId }) => (pipelineId ?? stageId ?? null) === null);
  const pipelines = await context.pipelines.known({ entityType: context.entity.name });
  const live = pipelines.filter(({ archivedAt }) => archivedAt === null);
  const known = live.find(({ isDefault }) => isDefault)?.id;
  const fallback = needsDefault ? (known ?? (await defaultPipeline(context)).id) : undefined;
  if (fallback !== undefined) pipelineIds.add(fallback);
  const ids = [...pipelineIds].filter((id) => id === fallback || live.some((pipeline) => pipeline.id === id));
  const stages = await knownStages(context, ids);
  return { fallback, all: stages.filter((stage) => stage.archivedAt === null) };
}

function firstStage(
  { entity: { name, plural } }: PipelinedContext,
  { pipelineId, stageId }: PipelinedPatch,
  { fallback, all }: KnownStages,
): StageRecord {
  const refuse = (field: string, code: string, message: string) => invalidInput(name, [{ field, code, message }]);
  if (stageId !== undefined && stageId !== null) {
    const stage = all.find(({ id }) => id === stageId);
    if (!stage) {
      const message = `refers to "${stageId}", which is no stage of a pipeline of ${plural}`;
      throw refuse("stageId", "reference_not_found", message);
    }
    if ((pipelineId ?? stage.pipelineId) !== stage.pipelineId)
      throw refuse("stageId", "not_allowed", "is a stage of another pipeline");
    return stage;
  }
  const pipeline = pipelineId ?? fallback;
  const stage = all.find((candidate) => candidate.pipelineId === pipeline && candidate.outcome === "open");
  if (stage) return stage;
  const message = `refers to "${pipeline}", which is no pipeline of ${plural} with an open stage`;
  throw refuse("pipelineId", "reference_not_found", message);
}

/**
 * Whatever way a record enters a stage, it has what the stage requires; a new one begins its stay. @throws `invalid_input` with all that
 * is missing, by the places of the records in the batch.
 */
export async function enterAfterWrite(context: PipelinedContext, batch: readonly ChangedRecord[]): Promise<void> {
  const places = batch.flatMap(({ before, after }, index) =>
    after?.stageId && before?.stageId !== after.stageId ? [{ record: after, isNew: !before, index }] : [],
  );
  if (places.length === 0) return;
  const stages = await knownStages(
    context,
    places.map(({ record }) => record.pipelineId!),
  );
  requireFields(
    context.entity,
    places.map(({ record, index }) => {
      const to = stages.find(({ id }) => id === record.stageId)!;
      return { record, to, ...(batch.length > 1 ? { index } : {}) };
    }),
  );
  await enterStages(
    context,
    places.flatMap(({ record, isNew }) => (isNew ? [record] : [])),
  );
}
