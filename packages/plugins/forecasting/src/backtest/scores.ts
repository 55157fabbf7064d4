/** How good forecasts were, over all that were made. */
import type { Distribution } from "../prediction/distribution.ts";

/** A forecast and what came of it, in units of the measure. */
export interface ScoredForecast extends Distribution {
  /** What was expected: the mean of a distribution, or a baseline's one figure. */
  readonly mean: number;
  readonly outcome: number;
}

export interface Scores {
  readonly forecasts: number;
  /** The sum of (mean - outcome) over the sum of outcomes: 0.05 is five per cent too high. Absent where nothing came. */
  readonly bias?: number | undefined;
  /** The sum of |p50 - outcome| over the sum of outcomes. Absent where nothing came. */
  readonly wMape?: number | undefined;
  /** The mean of |p50 - outcome| / outcome. Absent where an outcome is zero: it is then undefined, and no outcome may be left out. */
  readonly mape?: number | undefined;
  /** The mean of the pinball losses of p10, p50 and p90, in units of the measure (Koenker & Bassett 1978, Econometrica 46, 33-50). */
  readonly pinball: number;
  /** The share of outcomes from p10 to p90, which should be 0.8. */
  readonly coverage: number;
}

export function scoresOf(forecasts: readonly ScoredForecast[]): Scores | undefined {
  if (forecasts.length === 0) return undefined;
  const count = forecasts.length;
  const sum = (of: (forecast: ScoredForecast) => number): number =>
    forecasts.reduce((total, forecast) => total + of(forecast), 0);
  const outcomes = sum(({ outcome }) => outcome);
  const errors = sum(({ p50, outcome }) => Math.abs(p50 - outcome));
  return {
    forecasts: count,
    ...(outcomes > 0 ? { bias: sum(({ mean, outcome }) => mean - outcome) / outcomes, wMape: errors / outcomes } : {}),
    ...(forecasts.every(({ outcome }) => outcome > 0)
      ? { mape: sum(({ p50, outcome }) => Math.abs(p50 - outcome) / outcome) / count }
      : {}),
    pinball: sum(pinballOf) / count,
    coverage: forecasts.filter(({ p10, p90, outcome }) => p10 <= outcome && outcome <= p90).length / count,
  };
}

const pinballOf = ({ p10, p50, p90, outcome }: ScoredForecast): number =>
  (loss(0.1, p10, outcome) + loss(0.5, p50, outcome) + loss(0.9, p90, outcome)) / 3;

const loss = (share: number, forecast: number, outcome: number): number =>
  outcome >= forecast ? share * (outcome - forecast) : (1 - share) * (forecast - outcome);
