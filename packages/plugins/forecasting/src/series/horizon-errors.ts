/** How far a method is off at each horizon, by what it would have said within the series. */
import type { FittedSeries } from "./fitted-series.ts";

/** So many last origins are asked at most: what a longer past says is old. */
const MOST_ORIGINS = 1_000;
/** A horizon that was seen less often than this has no error of its own. */
const LEAST_ORIGINS = 3;

/**
 * The root mean square error at each horizon (index 0 is one step ahead), over all origins within the series after the first season (or six
 * values, or half of the series). They are errors of a method that knew its parameters, so that their squares are multiplied by
 * (n + k) / (n − k) for k parameters from n values: the final prediction error of Akaike, "Fitting autoregressive models for prediction",
 * Annals of the Institute of Statistical Mathematics 21 (1969). They never fall with the horizon; beyond the horizons that were seen at
 * least three times, their squares grow in proportion to it, as those of a random walk. Undefined where not even one step was.
 */
export function horizonErrors(
  values: Float64Array,
  fit: FittedSeries,
  { season, horizon }: { season: number; horizon: number },
): Float64Array | undefined {
  const count = values.length;
  const first = Math.max(1, Math.min(Math.max(season, 6), Math.floor(count / 2)), count - MOST_ORIGINS);
  const known = Math.min(horizon, count - first - LEAST_ORIGINS + 1);
  if (known < 1) return undefined;
  const squares = new Float64Array(known);
  const said = new Float64Array(known);
  for (let seen = first; seen < count; seen++) {
    fit.from(seen, said);
    const steps = Math.min(known, count - seen);
    for (let step = 0; step < steps; step++) squares[step]! += (values[seen + step]! - said[step]!) ** 2;
  }
  const kept = Math.min(fit.parameters, (count - 1) / 2);
  const inflation = (count + kept) / (count - kept);
  const errors = new Float64Array(horizon);
  let most = 0;
  for (let step = 0; step < horizon; step++) {
    if (step < known) most = Math.max(most, (squares[step]! / (count - first - step)) * inflation);
    errors[step] = Math.sqrt(step < known ? most : (most * (step + 1)) / known);
  }
  return errors;
}
