/** An opportunity's own forecast category lasts until its next move. */
import type { ForecastingContext } from "../parts.ts";

type OpportunityRecord = Awaited<ReturnType<ForecastingContext["opportunities"]["update"]>>;

interface Proposed {
  readonly input: Partial<Pick<OpportunityRecord, "stageId" | "stageEnteredAt" | "forecastCategory">>;
  readonly before?: Pick<OpportunityRecord, "stageId" | "forecastCategory">;
}

/**
 * Cleared by a move to another stage, unless that very write gives one. A stage that is merged into another one moves nothing: its
 * opportunities stay since when they were there.
 */
export async function clearOverride(_context: ForecastingContext, batch: readonly Proposed[]) {
  return batch.map(({ input, before }) => {
    const moves = before && input.stageEnteredAt !== undefined && input.stageId !== before.stageId;
    const overridden = before && before.forecastCategory !== null && input.forecastCategory === undefined;
    return moves && overridden ? ({ forecastCategory: null } as const) : undefined;
  });
}
