/** A pipeline as data, and what may be wrong with it. */
import * as z from "zod";
import type { CrmError, InputIssue } from "../../errors.ts";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import { textProblem } from "../../kernel/value/text.ts";
import type { DomainContext } from "../domain-model.ts";

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

export interface StandardPipeline extends Omit<PipelineDefinition, "entityType" | "isDefault"> {
  /** In order. Made with the pipeline where the entity has none yet. */
  readonly lostReasons?: readonly StandardLostReason[];
}

export interface StandardLostReason {
  readonly key: string;
  readonly name: string;
  readonly needsNote?: boolean;
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

/** @throws `invalid_input`, telling all that is wrong. */
export function checkedDefinition(
  { entities }: Pick<DomainContext, "entities">,
  definition: PipelineDefinition,
): PipelineDefinition {
  const parsed = definitionSchema.safeParse(definition);
  if (!parsed.success) throw invalidInput("pipeline", inputIssues(parsed.error.issues, definition));
  const { stages, entityType } = parsed.data;
  const keys = new Set(stages.map((stage) => stage.key));
  const issues: InputIssue[] = [];
  if (keys.size < stages.length) issues.push({ field: "stages", code: "repeated", message: "have a key twice" });
  if (!stages.some((stage) => stage.outcome === "open"))
    issues.push({ field: "stages", code: "missing_field", message: "need at least one open stage" });
  const entity = entities().find(({ name }) => name === entityType);
  const fields = entity?.fields.map(({ name }) => name);
  if (!fields)
    issues.push({
      field: "entityType",
      code: "not_allowed",
      message: `is "${entityType}", and there is no such entity`,
    });
  for (const stage of stages) issues.push(...stageIssues(stage, { keys, fields, entityType }));
  if (issues.length > 0) throw refusedDefinition(issues);
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

export function refusedDefinition(issues: readonly InputIssue[]): CrmError {
  return invalidInput("pipeline", issues);
}
