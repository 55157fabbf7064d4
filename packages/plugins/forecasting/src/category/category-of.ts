/** What an opportunity counts as: one rule, for every figure of the plugin. */
import type { ForecastingContext } from "../parts.ts";
import type { ForecastCategory, OpenCategory } from "./category.ts";

type StageRecord = Awaited<ReturnType<ForecastingContext["stages"]["update"]>>;

/** What an open stage counts as, and what it is known by. */
export interface CategorizedStage extends Pick<StageRecord, "id" | "pipelineId" | "key" | "outcome"> {
  /** The key of the pipeline. */
  readonly pipeline: string;
  /** Undefined for an open stage without a category in a pipeline where others have one. */
  readonly category: ForecastCategory | "omitted" | undefined;
}

/** What of an opportunity decides. */
export interface Categorizable {
  readonly status: "open" | "won" | "lost";
  readonly stageId: string;
  /** Its own one, until its next move. */
  readonly forecastCategory: OpenCategory | null;
}

export interface Categories {
  /** Those of all pipelines of opportunities, the archived ones too. */
  readonly stages: readonly CategorizedStage[];
  /**
   * Won is closed and lost is omitted, whatever else is written. Open is what the opportunity says itself, else what its stage says.
   * @throws `stage_without_category`
   */
  categoryOf(opportunity: Categorizable): ForecastCategory | "omitted";
}

/**
 * As of the context's instant, by two queries. Where no open stage of a pipeline has been given a category, its stages are categorised by
 * their probability: below 50 % is pipeline, below 75 % best case, and above that commit.
 */
export async function readCategories(context: ForecastingContext): Promise<Categories> {
  const where = { pipeline: { entityType: "opportunity" } };
  const order = [{ pipelineId: "asc" }, { position: "asc" }] as const;
  const query = { where, orderBy: order, archived: "include", include: { pipeline: true } } as const;
  const found = await Array.fromAsync(context.stages.iterate(query));
  const given = new Set(
    found.flatMap(({ pipelineId, outcome, forecastCategory }) =>
      outcome === "open" && forecastCategory !== null ? [pipelineId] : [],
    ),
  );
  const stages = found.map((stage): CategorizedStage => {
    const { id, pipelineId, key, outcome } = stage;
    return {
      id,
      pipelineId,
      pipeline: stage.pipeline?.key ?? "",
      key,
      outcome,
      category: categoryOfStage(stage, given.has(pipelineId)),
    };
  });
  const byId = new Map(stages.map((stage) => [stage.id, stage]));
  return {
    stages,
    categoryOf({ status, stageId, forecastCategory }) {
      if (status === "won") return "closed";
      if (status === "lost") return "omitted";
      if (forecastCategory !== null) return forecastCategory;
      const stage = byId.get(stageId);
      if (stage?.category === undefined) throw stageWithoutCategory(context, stages, stage);
      return stage.category;
    },
  };
}

/** Names all open stages of the pipeline that lack one. */
export function stageWithoutCategory(
  context: ForecastingContext,
  stages: readonly CategorizedStage[],
  found: CategorizedStage | undefined,
): Error {
  const lacking = stages.filter(
    ({ pipelineId, category }) => category === undefined && pipelineId === found?.pipelineId,
  );
  return context.error("stage_without_category", {
    entity: "stage",
    field: "forecastCategory",
    stages: lacking.map(({ key }) => key).join(", "),
    pipeline: found?.pipeline ?? "",
    stageIds: lacking.map(({ id }) => id),
  });
}

function categoryOfStage(
  { outcome, forecastCategory, probability }: StageRecord,
  pipelineHasThem: boolean,
): CategorizedStage["category"] {
  if (outcome === "won") return "closed";
  if (outcome === "lost") return "omitted";
  if (forecastCategory !== null) return forecastCategory;
  return pipelineHasThem ? undefined : categoryByProbability(Number(probability));
}

function categoryByProbability(percent: number): OpenCategory {
  if (percent < 50) return "pipeline";
  return percent < 75 ? "best_case" : "commit";
}
