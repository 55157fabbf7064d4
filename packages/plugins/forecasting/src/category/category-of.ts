/** What an opportunity counts as: one rule, for every figure of the plugin. */
import type { ForecastingContext } from "../parts.ts";
import type { ForecastCategory, OpenCategory } from "./category.ts";

type StageRecord = Awaited<ReturnType<ForecastingContext["stages"]["update"]>>;

/** What an open stage counts as, and what it is known by. */
export interface CategorizedStage extends Pick<StageRecord, "id" | "pipelineId" | "key" | "outcome"> {
  /** The key of the pipeline. */
  readonly pipeline: string;
  /** Undefined for an open stage without a category in a pipeline where others have one, where that is to be mended. */
  readonly category: ForecastCategory | "omitted" | undefined;
  /** Whether it is such a stage of the past, which counts by its probability. */
  readonly isAssumed: boolean;
}

/** An open stage that had no category at the instant that was read, though others of its pipeline had, and what it counted as. */
export interface AssumedStage {
  /** The key of the pipeline. */
  readonly pipeline: string;
  readonly stage: string;
  /** By the probability that the stage had: below 50 % pipeline, below 75 % best case, else commit. */
  readonly category: OpenCategory;
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
  /** Whether what it counts as is assumed. */
  isAssumed(opportunity: Categorizable): boolean;
  /** The stages by which `categoryOf` has answered with what is assumed, in the order of their pipelines. */
  assumed(): readonly AssumedStage[];
}

/**
 * As of the context's instant, by two queries. Where no open stage of a pipeline has been given a category, its stages are categorised by
 * their probability: below 50 % is pipeline, below 75 % best case, and above that commit. Where only some lack one, it is asked for in the
 * present; of the past, which nobody can change, these too count by their probability, and are told by `assumed`.
 *
 * @param lacking `refused` where something is about to be written
 */
export async function readCategories(
  context: ForecastingContext,
  lacking: "assumed" | "refused" = context.readsPast ? "assumed" : "refused",
): Promise<Categories> {
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
      ...categoryOfStage(stage, given.has(pipelineId) ? lacking : "none"),
    };
  });
  const byId = new Map(stages.map((stage) => [stage.id, stage]));
  const used = new Set<CategorizedStage>();
  const stageOf = ({ status, stageId, forecastCategory }: Categorizable) =>
    status === "open" && forecastCategory === null ? byId.get(stageId) : undefined;
  return {
    stages,
    categoryOf(opportunity) {
      const { status, forecastCategory } = opportunity;
      if (status === "won") return "closed";
      if (status === "lost") return "omitted";
      if (forecastCategory !== null) return forecastCategory;
      const stage = stageOf(opportunity);
      if (stage?.category === undefined) throw stageWithoutCategory(context, stages, stage);
      if (stage.isAssumed) used.add(stage);
      return stage.category;
    },
    isAssumed: (opportunity) => stageOf(opportunity)?.isAssumed ?? false,
    assumed: () =>
      stages
        .filter((stage) => used.has(stage))
        .map(({ pipeline, key, category }) => ({ pipeline, stage: key, category: category as OpenCategory })),
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

/** @param given "none" where no open stage of the pipeline has been given one; else what becomes of those that lack it. */
function categoryOfStage(
  { outcome, forecastCategory, probability }: StageRecord,
  given: "none" | "assumed" | "refused",
): Pick<CategorizedStage, "category" | "isAssumed"> {
  if (outcome === "won") return { category: "closed", isAssumed: false };
  if (outcome === "lost") return { category: "omitted", isAssumed: false };
  if (forecastCategory !== null) return { category: forecastCategory, isAssumed: false };
  if (given === "refused") return { category: undefined, isAssumed: false };
  return { category: categoryByProbability(Number(probability)), isAssumed: given === "assumed" };
}

function categoryByProbability(percent: number): OpenCategory {
  if (percent < 50) return "pipeline";
  return percent < 75 ? "best_case" : "commit";
}
