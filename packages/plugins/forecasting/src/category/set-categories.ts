/** Gives the stages of a pipeline their forecast categories. */
import { CrmError, type InputIssue, invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import type { ForecastingContext } from "../parts.ts";
import { checkedQuery } from "../roll-up/ask-forecast.ts";
import { type ForecastCategory, forecastCategories, type OpenCategory } from "./category.ts";

export interface CategoriesDefinition {
  /** The key of the pipeline; the default one of opportunities, unless given. */
  readonly pipeline?: string | undefined;
  /** By the key of each open stage. Won stages may be named as `closed` and lost ones as `omitted`: that is what they are. */
  readonly stages: { readonly [stage: string]: ForecastCategory | "omitted" };
}

/** What a stage counts as. */
export interface StageCategory {
  readonly stage: string;
  readonly name: string;
  readonly outcome: "open" | "won" | "lost";
  readonly category: ForecastCategory | "omitted";
  /** Whether it was set; else it follows from the stage's outcome or probability. */
  readonly set: boolean;
}

const definitionSchema = z.strictObject({
  pipeline: z.string().optional(),
  stages: z.record(z.string(), z.enum([...forecastCategories, "omitted"])),
});

type StageRecord = Awaited<ReturnType<ForecastingContext["stages"]["update"]>>;

/** One unit: all stages, or none. @throws `invalid_input`, naming each stage that is wrong; `not_found` for the pipeline */
export async function setCategories(context: ForecastingContext, definition: CategoriesDefinition): Promise<void> {
  const { pipeline: key, stages: given } = checkedQuery("setCategories", definitionSchema, definition);
  await context.transaction(async (tx) => {
    // Whoever defines pipelines of the entity holds it too: no stage comes or goes meanwhile.
    await tx.lock("pipelines:opportunity");
    const pipeline = await pipelineOf(tx, key);
    const stages = await liveStages(tx, pipeline.id);
    refuse(pipeline.key, stages, given);
    await tx.stages.updateMany(
      stages.flatMap(({ id, outcome, key: stage }) =>
        outcome === "open" ? [{ id, forecastCategory: given[stage] as OpenCategory }] : [],
      ),
    );
  });
}

/** The pipeline of this key; the default one without a key, made where there is none yet. @throws `not_found` */
export async function pipelineOf(context: ForecastingContext, key: string | undefined) {
  const where = { entityType: "opportunity", ...(key === undefined ? { isDefault: true } : { key }) };
  const found = await context.pipelines.find({ where });
  if (found) return found;
  if (key === undefined || (await context.pipelines.count({ where: { entityType: "opportunity" } })) === 0) {
    // The standard pipeline is made by whoever first asks for it.
    await context.opportunities.board({ limit: 0 });
    const made = await context.pipelines.find({ where });
    if (made) return made;
  }
  throw new CrmError("not_found", `There is no pipeline "${key ?? "default"}" of opportunities.`, {
    details: { entity: "pipeline", field: "pipeline", key },
  });
}

/** In order. */
export async function liveStages(context: ForecastingContext, pipelineId: string): Promise<readonly StageRecord[]> {
  const order = [{ position: "asc" }] as const;
  return Array.fromAsync(context.stages.iterate({ where: { pipelineId }, orderBy: order }));
}

function refuse(pipeline: string, stages: readonly StageRecord[], given: CategoriesDefinition["stages"]): void {
  const outcomes = new Map(stages.map(({ key, outcome }) => [key, outcome]));
  const issues: InputIssue[] = stages.flatMap(({ key, outcome }) => {
    if (outcome !== "open" || Object.hasOwn(given, key)) return [];
    return [issue(key, "missing_field", `is required: stage ${key} of pipeline ${pipeline} is open`)];
  });
  for (const [key, category] of Object.entries(given)) {
    const outcome = outcomes.get(key);
    const problem = outcome === undefined ? `is no stage of pipeline ${pipeline}` : mismatch(outcome, category);
    if (problem !== undefined) issues.push(issue(key, "not_allowed", problem));
  }
  if (issues.length > 0) throw invalidInput("setCategories", issues);
}

function mismatch(outcome: StageRecord["outcome"], category: ForecastCategory | "omitted"): string | undefined {
  switch (outcome) {
    case "open":
      return category === "closed" ? "is an open stage, and only what is won is closed" : undefined;
    case "won":
      return category === "closed" ? undefined : "is a won stage, which is always closed";
    case "lost":
      return category === "omitted" ? undefined : "is a lost stage, which is always omitted";
    default:
      return outcome satisfies never;
  }
}

function issue(stage: string, code: string, message: string): InputIssue {
  return { field: `stages.${stage}`, code, message };
}
