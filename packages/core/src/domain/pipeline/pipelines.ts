/** What one can do with pipelines. */
import * as z from "zod";
import { CrmError, type InputIssue } from "../../errors.ts";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import type { RecordOf } from "../../kernel/entity/model.ts";
import type { Where } from "../../kernel/repository/where.ts";
import { textProblem } from "../../kernel/value/text.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";

export type PipelineRecord = RecordOf<DomainModel, "pipeline">;
export type StageRecord = RecordOf<DomainModel, "stage">;

export interface DefinedPipeline extends PipelineRecord {
  /** In order. */
  readonly stages: readonly StageRecord[];
}

export interface StageDefinition {
  /** Its stable name in code, unique in the pipeline. */
  readonly key: string;
  readonly name: string;
  readonly outcome: "open" | "won" | "lost";
  /** In per cent. Needed for open stages; won is 100 and lost is 0. */
  readonly probability?: string | undefined;
  /** The keys of the stages that a record may move to from here; any of the pipeline, unless given. */
  readonly nextStages?: readonly string[] | undefined;
  /** Names of the fields that a record must have to enter. */
  readonly requiredFields?: readonly string[] | undefined;
  /** A record that stays longer is stale. */
  readonly staleAfterDays?: number | undefined;
  /** The key of one of the entity's `phases`: what the stage counts as in reports over several pipelines. */
  readonly phase?: string | undefined;
}

export interface PipelineDefinition {
  readonly key: string;
  readonly name: string;
  /** The entity whose records go through it. */
  readonly entityType: string;
  /** New records take it when none is named. The first pipeline of an entity is the default one in any case. */
  readonly isDefault?: boolean | undefined;
  /** In order. */
  readonly stages: readonly StageDefinition[];
}

const key = z
  .string()
  .min(1)
  .max(100)
  .check((check) => {
    const problem = textProblem(check.value);
    if (problem)
      check.issues.push({ code: "custom", input: check.value, message: problem, params: { code: "invalid_text" } });
  })
  .normalize("NFC");

const definitionSchema = z.strictObject({
  key,
  name: z.string().min(1),
  entityType: key,
  isDefault: z.boolean().optional(),
  stages: z.array(
    z.strictObject({
      key,
      name: z.string().min(1),
      outcome: z.enum(["open", "won", "lost"]),
      probability: z.string().optional(),
      nextStages: z.array(key).optional(),
      requiredFields: z.array(z.string()).optional(),
      staleAfterDays: z.number().optional(),
      phase: key.optional(),
    }),
  ),
});

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
  const { stages, ...own } = checked(context, definition);
  return context.transaction(async (tx) => {
    const { key, entityType } = own;
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
      throw refused([{ field: `stages.${key}`, code: "outcome_fixed", message }]);
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
  const known = await tx.phases.list({ where: { entityType, key: { in: keys } }, limit: 1_000 });
  const ids = new Map(known.items.map(({ key, id }) => [key, id]));
  const issues = stages.flatMap(({ key, phase }): InputIssue[] => {
    if (phase === undefined || ids.has(phase)) return [];
    const message = `is "${phase}", which is no phase of ${entityType}: create it in phases first`;
    return [{ field: `stages.${key}.phase`, code: "not_allowed", message }];
  });
  if (issues.length > 0) throw refused(issues);
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

function checked(context: DomainContext, definition: PipelineDefinition): PipelineDefinition {
  const parsed = definitionSchema.safeParse(definition);
  if (!parsed.success) throw invalidInput("pipeline", inputIssues(parsed.error.issues, definition));
  const { stages, entityType } = parsed.data;
  const keys = new Set(stages.map((stage) => stage.key));
  const issues: InputIssue[] = [];
  if (keys.size < stages.length) issues.push({ field: "stages", code: "repeated", message: "have a key twice" });
  if (!stages.some((stage) => stage.outcome === "open"))
    issues.push({ field: "stages", code: "missing_field", message: "need at least one open stage" });
  const entity = context.entities().find(({ name }) => name === entityType);
  const fields = entity?.fields.map(({ name }) => name);
  if (!fields)
    issues.push({
      field: "entityType",
      code: "not_allowed",
      message: `is "${entityType}", and there is no such entity`,
    });
  for (const stage of stages) issues.push(...stageIssues(stage, { keys, fields, entityType }));
  if (issues.length > 0) throw refused(issues);
  return parsed.data;
}

interface Surroundings {
  /** Of all stages. */
  readonly keys: ReadonlySet<string>;
  readonly fields: readonly string[] | undefined;
  readonly entityType: string;
}

function stageIssues(stage: StageDefinition, { keys, fields, entityType }: Surroundings): readonly InputIssue[] {
  const { key, nextStages = [], requiredFields = [], outcome, probability } = stage;
  const fixed = outcome === "won" ? "100" : "0";
  const issue = (field: string, code: string, message: string) => ({ field: `stages.${key}.${field}`, code, message });
  return [
    ...nextStages
      .filter((next) => !keys.has(next))
      .map((next) => issue("nextStages", "not_allowed", `names "${next}", which is no stage of the pipeline`)),
    ...requiredFields
      .filter((field) => fields?.includes(field) === false)
      .map((field) => issue("requiredFields", "unknown_field", `names "${field}", which is no field of ${entityType}`)),
    ...(outcome === "open" && probability === undefined
      ? [issue("probability", "missing_field", "is required for an open stage")]
      : []),
    ...(outcome !== "open" && probability !== undefined && Number(probability) !== Number(fixed)
      ? [issue("probability", "out_of_range", `is ${fixed} for a stage that is ${outcome}`)]
      : []),
  ];
}

function refused(issues: readonly InputIssue[]): CrmError {
  return invalidInput("pipeline", issues);
}
