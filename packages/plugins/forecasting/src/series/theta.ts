/**
 * The Theta method: Assimakopoulos and Nikolopoulos, International Journal of Forecasting 16 (2000), in the form that Hyndman and Billah,
 * "Unmasking the Theta method", International Journal of Forecasting 19 (2003), show it to have: simple exponential smoothing with half the
 * slope of the regression line as its drift.
 */
import type { FittedSeries } from "./fitted-series.ts";
import { nelderMead } from "./nelder-mead.ts";
import { type Season, withSeason } from "./seasonality.ts";

export function fitTheta(values: Float64Array, season: Season | undefined): FittedSeries {
  const adjusted = season?.adjusted ?? values;
  const { length } = adjusted;
  const levels = new Float64Array(length + 1);
  const scale = Math.abs(adjusted[0]!) || 1;
  const { at } = nelderMead((tried) => simple(adjusted, levels, tried), {
    ...{ start: [0.5, adjusted[0]!], steps: [0.2, 0.1 * scale], tolerance: 1e-9, mostEvaluations: 500 },
  });
  simple(adjusted, levels, at);
  const alpha = at[0]!;
  const slopes = slopesOf(adjusted);
  return {
    model: season === undefined ? "Theta" : `Theta, ${season.kind} season`,
    parameters: 3,
    from(seen, out) {
      const drift = slopes[seen]! / 2;
      const first = (1 - (1 - alpha) ** seen) / alpha;
      for (let step = 0; step < out.length; step++) {
        out[step] = withSeason(levels[seen]! + drift * (step + first), seen + step, season);
      }
    },
  };
}

/** Runs simple exponential smoothing, and answers the sum of its squared errors. */
function simple(values: Float64Array, levels: Float64Array, parameters: Float64Array): number {
  const alpha = parameters[0]!;
  if (alpha < 0.0001 || alpha > 0.9999) return Number.POSITIVE_INFINITY;
  let level = parameters[1]!;
  let squares = 0;
  levels[0] = level;
  for (let at = 0; at < values.length; at++) {
    const error = values[at]! - level;
    squares += error * error;
    level += alpha * error;
    levels[at + 1] = level;
  }
  return squares;
}

/** The slope of the regression line through the first so many values. */
function slopesOf(values: Float64Array): Float64Array {
  const slopes = new Float64Array(values.length + 1);
  let [sum, moment] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    sum += values[at]!;
    moment += at * values[at]!;
    const count = at + 1;
    if (count > 1) slopes[count] = (moment - (sum * at) / 2) / ((count * (count ** 2 - 1)) / 12);
  }
  return slopes;
}
