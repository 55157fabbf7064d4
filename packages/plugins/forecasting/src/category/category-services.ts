/** Forecast categories, as `crm.forecasting` has them. */
import * as z from "zod";
import type { ForecastingContext } from "../parts.ts";
import { checkedQuery } from "../roll-up/ask-forecast.ts";
import { readCategories, stageWithoutCategory } from "./category-of.ts";
import {
  type CategoriesDefinition,
  pipelineOf,
  type StageCategory,
  setCategories,
  stagesOf,
} from "./set-categories.ts";

export function categoryServices(context: ForecastingContext) {
  return {
    /**
     * Says what open opportunities count as, by the stage they are in: each open stage of the pipeline, by its key. Won is always closed and
     * lost always omitted. Unless it was called for a pipeline, its stages count by their probability: below 50 % pipeline, below 75 %
     * best case, else commit. One unit.
     *
     * @throws `invalid_input` for an open stage that is left out or mapped to `closed`, a won or lost one mapped to anything else, and an unknown
     * one; `not_found` for the pipeline
     * @example
     * ```ts run with forecasting
     * await crm.forecasting.setCategories({
     *   stages: { qualification: "pipeline", discovery: "pipeline", proposal: "best_case", negotiation: "commit" },
     * });
     * ```
     */
    setCategories: (definition: CategoriesDefinition): Promise<void> => setCategories(context, definition),
    /**
     * What the stages of a pipeline count as, in their order, as of the handle's instant. The default pipeline, unless a key is given. One that
     * lacked a category at an instant in the past counts by its probability, and is not `set`.
     *
     * @throws `invalid_input`; `not_found`; `stage_without_category`, of the present
     */
    categories: (pipeline?: string): Promise<readonly StageCategory[]> => categoriesOf(context, pipeline),
  };
}

const querySchema = z.strictObject({ pipeline: z.string().optional() });

async function categoriesOf(context: ForecastingContext, given: string | undefined): Promise<readonly StageCategory[]> {
  const { pipeline: key } = checkedQuery("categories", querySchema, { pipeline: given });
  const pipeline = await pipelineOf(context, key);
  const { stages: all } = await readCategories(context);
  const byId = new Map(all.map((stage) => [stage.id, stage]));
  const stages = await stagesOf(context, pipeline.id, "exclude");
  return stages.map(({ id, key: stage, name, outcome, forecastCategory }) => {
    const category = byId.get(id)?.category;
    if (category === undefined) throw stageWithoutCategory(context, all, byId.get(id));
    return { stage, name, outcome, category, set: outcome === "open" && forecastCategory !== null };
  });
}
