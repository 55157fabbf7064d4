/**
 * Intervals for baselines, each from its own errors at earlier windows that are known at the origin (also those that were cut there, as
 * for the model): errors in units of what a compound Poisson sum of that size would spread, whose quantiles are shrunk towards the
 * normal ones as if two earlier windows had shown those.
 */
import { type Distribution, quantile } from "../prediction/distribution.ts";

const normalTenth = 1.2816;
const defaultWindows = 2;

export interface PastErrors {
  readonly figures: Float64Array;
  readonly outcomes: Float64Array;
}

/** What errors of the company and of its owners are, at the tenth and the ninetieth of a hundred. */
export interface ErrorQuantiles {
  readonly low: number;
  readonly high: number;
}

/** `unitVariance` is the mean of squared amounts over the mean of amounts. */
export function errorQuantiles(past: readonly PastErrors[], unitVariance: number): ErrorQuantiles {
  const errors = past.flatMap(({ figures, outcomes }) =>
    Array.from(figures, (figure, index) => (outcomes[index]! - figure) / spreadOf(figure, unitVariance)),
  );
  const sorted = Float64Array.from(errors.filter(Number.isFinite)).sort();
  const trust = sorted.length > 0 ? past.length / (past.length + defaultWindows) : 0;
  return {
    low: trust * quantile(sorted, 0.1) - (1 - trust) * normalTenth,
    high: trust * quantile(sorted, 0.9) + (1 - trust) * normalTenth,
  };
}

/** The figure with its interval. The middle is the figure itself: a baseline has no other. */
export function withInterval(figure: number, quantiles: ErrorQuantiles, unitVariance: number): Distribution {
  const spread = spreadOf(figure, unitVariance);
  const p10 = Math.max(0, Math.min(figure, figure + quantiles.low * spread));
  return { p10, p50: figure, p90: Math.max(figure, figure + quantiles.high * spread) };
}

/** Of a figure near zero, as of one deal. */
const spreadOf = (figure: number, unitVariance: number): number =>
  Math.sqrt(Math.max(figure, unitVariance) * unitVariance);
