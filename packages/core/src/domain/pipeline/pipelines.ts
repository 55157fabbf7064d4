/** What one can do with pipelines. */
import * as z from "zod";
import { CrmError } from "../../errors.ts";
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
  /** A record that stays longer is stale. */
  readonly staleAfterDays?: number | undefined;
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
      staleAfterDays: z.number().optional(),
    }),
  ),
});

/** The pipeline that opportunities get when none has been defined. */
const standardPipeline: PipelineDefinition = {
  key: "sales",
  name: "Sales",
  entityType: "opportunity",
  isDefault: true,
  stages: [
    { key: "qualification", name: "Qualification", outcome: "open", probability: "10" },
    { key: "discovery", name: "Discovery", outcome: "open", probability: "25" },
    { key: "proposal", name: "Proposal", outcome: "open", probability: "50" },
    { key: "negotiation", name: "Negotiation", outcome: "open", probability: "75" },
    { key: "won", name: "Won", outcome: "won" },
    { key: "lost", name: "Lost", outcome: "lost" },
  ],
};

/**
 * Creates the pipeline with this key, or makes the existing one like this: stages are found by their keys, added, changed and
 * put into this order. A stage that is left out is removed, unless a record is or has been in it (`still_referenced`); an
 * outcome cannot change. What was archived is brought back.
 */
export async function definePipeline(context: DomainContext, definition: PipelineDefinition): Promise<DefinedPipeline> {
  const { stages, ...own } = checked(definition);
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
    await defineStages(tx, pipeline.id, stages);
    return { ...pipeline, stages: await stagesOf(tx, { pipelineId: pipeline.id }) };
  });
}

async function defineStages(tx: DomainContext, pipelineId: string, stages: readonly StageDefinition[]): Promise<void> {
  const existing = new Map((await stagesOf(tx, { pipelineId })).map((stage) => [stage.key, stage]));
  for (const { id, archivedAt } of existing.values()) if (archivedAt) await tx.stages.restore(id);
  const wanted = stages.map((stage, position) => ({
    key: stage.key,
    name: stage.name,
    position,
    probability: probabilityOf(stage),
    nextStages: stage.nextStages ? [...stage.nextStages] : null,
    staleAfterDays: stage.staleAfterDays ?? null,
  }));
  for (const { key, outcome } of stages) {
    const stage = existing.get(key);
    if (stage && stage.outcome !== outcome) {
      throw refused(
        `stages.${key}`,
        "outcome_fixed",
        `has the outcome ${stage.outcome}, which cannot change: add another stage`,
      );
    }
  }
  await tx.stages.updateMany(
    wanted.flatMap((stage) => (existing.has(stage.key) ? [{ ...stage, id: existing.get(stage.key)!.id }] : [])),
  );
  await tx.stages.createMany(
    wanted.flatMap((stage, i) =>
      existing.has(stage.key) ? [] : [{ ...stage, pipelineId, outcome: stages[i]!.outcome }],
    ),
  );
  const kept = new Set(stages.map((stage) => stage.key));
  for (const stage of existing.values()) if (!kept.has(stage.key)) await tx.stages.delete(stage.id);
}

/** Stages in the order of their pipeline, the archived ones too: records may be in them. */
export async function stagesOf(
  context: DomainContext,
  where: Where<DomainModel, "stage">,
): Promise<readonly StageRecord[]> {
  const stages: StageRecord[] = [];
  const inOrder = [{ pipelineId: "asc" }, { position: "asc" }] as const;
  for await (const stage of context.stages.iterate({ where, orderBy: inOrder, archived: "include" }))
    stages.push(stage);
  return stages;
}

/** The default pipeline of an entity; for opportunities, the standard one is made where none has ever been defined. */
export async function defaultPipeline(context: DomainContext, entityType: string): Promise<PipelineRecord> {
  const find = (by: DomainContext) => by.pipelines.find({ where: { entityType, isDefault: true } });
  return (await find(context)) ?? context.transaction(async (tx) => (await find(tx)) ?? firstPipeline(tx, entityType));
}

async function firstPipeline(tx: DomainContext, entityType: string): Promise<PipelineRecord> {
  const known = await tx.pipelines.count({ where: { entityType }, archived: "include" });
  if (known === 0 && entityType === standardPipeline.entityType) return definePipeline(tx, standardPipeline);
  throw new CrmError("not_found", `There is no default pipeline for "${entityType}": define one.`, {
    details: { entity: "pipeline", entityType },
  });
}

function checked(definition: PipelineDefinition): PipelineDefinition {
  const parsed = definitionSchema.safeParse(definition);
  if (!parsed.success) throw invalidInput("pipeline", inputIssues(parsed.error.issues, definition));
  const { stages } = parsed.data;
  const keys = new Set(stages.map((stage) => stage.key));
  if (keys.size < stages.length) throw refused("stages", "repeated", "have a key twice");
  if (!stages.some((stage) => stage.outcome === "open"))
    throw refused("stages", "missing_field", "need at least one open stage");
  for (const { key, nextStages = [] } of stages) {
    const unknown = nextStages.find((next) => !keys.has(next));
    if (unknown !== undefined)
      throw refused(`stages.${key}.nextStages`, "not_allowed", `names "${unknown}", which is no stage of the pipeline`);
  }
  return parsed.data;
}

function probabilityOf({ key, outcome, probability }: StageDefinition): string {
  const fixed = outcome === "won" ? "100" : outcome === "lost" ? "0" : undefined;
  if (fixed !== undefined) {
    if (probability !== undefined && Number(probability) !== Number(fixed)) {
      throw refused(`stages.${key}.probability`, "out_of_range", `is ${fixed} for a stage that is ${outcome}`);
    }
    return fixed;
  }
  if (probability === undefined)
    throw refused(`stages.${key}.probability`, "missing_field", "is required for an open stage");
  return probability;
}

function refused(field: string, code: string, message: string): CrmError {
  return invalidInput("pipeline", [{ field, code, message }]);
}
