/**
 * The dynamic optimised Theta model: Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler, "Models for optimising the theta method and their
 * relationship to state space models", International Journal of Forecasting 32 (2016).
 */
import type { FittedSeries } from "./fitted-series.ts";
import { nelderMead } from "./nelder-mead.ts";
import { type Season, withSeason } from "./seasonality.ts";

/** The states after so many values: level, intercept and slope of the line so far, and the mean so far. */
interface States {
  readonly levels: Float64Array;
  readonly intercepts: Float64Array;
  readonly slopes: Float64Array;
  readonly means: Float64Array;
}

export function fitDynamicTheta(values: Float64Array, season: Season | undefined): FittedSeries {
  const adjusted = season?.adjusted ?? values;
  const size = adjusted.length + 1;
  const states: States = {
    levels: new Float64Array(size),
    intercepts: new Float64Array(size),
    slopes: new Float64Array(size),
    means: new Float64Array(size),
  };
  const scale = Math.abs(adjusted[0]!) || 1;
  const { at: parameters } = nelderMead((tried) => run(adjusted, states, tried), {
    ...{ start: [0.5, adjusted[0]! / 2, 2], steps: [0.2, 0.25 * scale, 1], tolerance: 1e-9, mostEvaluations: 900 },
  });
  run(adjusted, states, parameters);
  return {
    model: season === undefined ? "dynamic Theta" : `dynamic Theta, ${season.kind} season`,
    parameters: 3,
    from: (seen, out) => project(states, parameters, { seen, out, season }),
  };
}

/** Runs the model, and answers the sum of its squared errors. */
function run(values: Float64Array, { levels, intercepts, slopes, means }: States, parameters: Float64Array): number {
  const [alpha, first, theta] = [parameters[0]!, parameters[1]!, parameters[2]!];
  if (alpha < 0.1 || alpha > 0.99 || theta < 1) return Number.POSITIVE_INFINITY;
  const weight = 1 - 1 / theta;
  let level = first;
  let [intercept, slope, mean] = [0, 0, 0];
  let squares = 0;
  let power = 1;
  levels[0] = level;
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    const next = power * (1 - alpha);
    const error = value - level - weight * (power * intercept + ((1 - next) / alpha) * slope);
    // The line of one value is that value: the model says the first one as it came.
    if (at > 0) squares += error * error;
    power = next;
    level += alpha * (value - level);
    const count = at + 1;
    slope = at === 0 ? 0 : ((count - 2) * slope + (6 / count) * (value - mean)) / (count + 1);
    mean += (value - mean) / count;
    intercept = mean - ((count + 1) / 2) * slope;
    levels[count] = level;
    slopes[count] = slope;
    means[count] = mean;
    intercepts[count] = intercept;
  }
  return squares;
}

interface Projection {
  readonly seen: number;
  readonly out: Float64Array;
  readonly season: Season | undefined;
}

/** Each value that is said is taken as if it had come. */
function project(states: States, parameters: Float64Array, { seen, out, season }: Projection): void {
  const [alpha, , theta] = [parameters[0]!, parameters[1]!, parameters[2]!];
  const weight = 1 - 1 / theta;
  let level = states.levels[seen]!;
  let intercept = states.intercepts[seen]!;
  let slope = states.slopes[seen]!;
  let mean = states.means[seen]!;
  let power = (1 - alpha) ** seen;
  for (let step = 0; step < out.length; step++) {
    const next = power * (1 - alpha);
    const value = level + weight * (power * intercept + ((1 - next) / alpha) * slope);
    out[step] = withSeason(value, seen + step, season);
    power = next;
    level += alpha * (value - level);
    const count = seen + step + 1;
    slope = ((count - 2) * slope + (6 / count) * (value - mean)) / (count + 1);
    mean += (value - mean) / count;
    intercept = mean - ((count + 1) / 2) * slope;
  }
}
