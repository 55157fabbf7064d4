/** What comes next in a series of numbers, such as the won amounts of past months. */
import { inputIssues, invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import { chooseSmoothing } from "./choose-smoothing.ts";
import { fitDynamicTheta } from "./dynamic-theta.ts";
import { combined, type FittedSeries } from "./fitted-series.ts";
import { horizonErrors } from "./horizon-errors.ts";
import { fitNaive } from "./naive.ts";
import { normalQuantile } from "./normal-quantile.ts";
import { decompose, isSeasonal, type Season } from "./seasonality.ts";
import { fitTheta } from "./theta.ts";

const methods = ["combination", "exponential_smoothing", "theta", "dynamic_theta", "naive", "naive2"] as const;

/**
 * `combination`: the mean of `exponential_smoothing` and `theta`. `dynamic_theta`: the dynamic optimised Theta model. `naive`: the last value;
 * `naive2`: the last value with the season taken out and put in again.
 */
export type SeriesMethod = (typeof methods)[number];

export interface SeriesOptions {
  /** How many values ahead: 1 to 1,000. */
  readonly horizon: number;
  /** How many values make a season: 12 for months, 4 for quarters. 1, for none, unless given. Whether there is one is for the data to say. */
  readonly season?: number | undefined;
  /** `combination` unless given. */
  readonly method?: SeriesMethod | undefined;
  /** The share of outcomes that the intervals are to hold, between 0 and 1; 0.8 unless given, which is from p10 to p90. */
  readonly level?: number | undefined;
}

export interface SeriesPoint {
  /** 1 for the first value to come. */
  readonly step: number;
  readonly mean: number;
  /** The ends of the interval; null where there are fewer than five values to say how wide it is. */
  readonly lower: number | null;
  readonly upper: number | null;
}

export interface SeriesForecast {
  /** What was used. `naive` in place of another one says why in `reason`. */
  readonly method: SeriesMethod;
  /** What was fitted: "ETS(M,Ad,M) + Theta, multiplicative season". */
  readonly model: string;
  /** Why the method is not the one that was asked for: fewer than five values, all values equal, or no finite answer; else null. */
  readonly reason: "short" | "constant" | "not_finite" | null;
  readonly level: number;
  readonly points: readonly SeriesPoint[];
}

/** The least values for more than the last one. */
const LEAST = 5;
/** So large a number is no measurement, and its square would overflow. */
const GREATEST = 1e100;

/**
 * Forecasts a series: pure, deterministic, and never NaN; a hundred values take some 5 ms, ten thousand some seconds. Multiplicative
 * forms are tried for positive values only; where no value is below zero, neither is anything that is said. The intervals are symmetric around the mean: the quantile of the normal distribution times what
 * the method's errors were at that horizon within the series (`horizonErrors`).
 *
 * @throws `invalid_input`: no values, a gap (`values.3`), a value beyond ±1e100, an option out of its range
 *
 * @example
 * ```ts run
 * import { forecastSeries } from "@relata/forecasting";
 *
 * const won = [112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118];
 * const { method, points } = forecastSeries(won, { horizon: 3 });
 * if (method !== "combination" || points.length !== 3) throw new Error("It is twelve values long.");
 * ```
 */
export function forecastSeries(values: readonly number[], options: SeriesOptions): SeriesForecast {
  const { horizon, season, method, level } = checkedOptions(options);
  const scale = scaleOf(checkedValues(values));
  const scaled = Float64Array.from(values, (value) => value / scale);
  const { fit, means, errors, ...used } = said(scaled, { method, season, horizon });
  // From below: 1 + level is 2 for a level close to 1, whose quantile is infinite.
  const width = -normalQuantile((1 - level) / 2);
  const least = leastOf(scaled);
  const points = Array.from(means, (mean, at): SeriesPoint => {
    const half = errors === undefined ? null : errors[at]! * width;
    return {
      step: at + 1,
      mean: mean * scale,
      lower: half === null ? null : Math.max(least, mean - half) * scale,
      upper: half === null ? null : (mean + half) * scale,
    };
  });
  return { ...used, model: fit.model, level, points };
}

interface Asked {
  readonly method: SeriesMethod;
  readonly season: number;
  readonly horizon: number;
}

interface Said {
  readonly method: SeriesMethod;
  readonly reason: SeriesForecast["reason"];
  readonly fit: FittedSeries;
  readonly means: Float64Array;
  readonly errors: Float64Array | undefined;
}

/** By the method that was asked for where it can answer, else by the last value. */
function said(values: Float64Array, asked: Asked): Said {
  const by = (method: SeriesMethod, fit: FittedSeries, reason: Said["reason"]): Said => {
    const means = new Float64Array(asked.horizon);
    fit.from(values.length, means);
    return { method, reason, fit, means, errors: horizonErrors(values, fit, asked) };
  };
  const naive = (reason: Said["reason"]) => by("naive", fitNaive(values, undefined), reason);
  if (asked.method === "naive") return naive(null);
  if (values.length < LEAST) return naive("short");
  if (values.every((value) => value === values[0])) return naive("constant");
  const fit = combined(fitsOf(values, asked.method, asked.season), leastOf(values));
  const answer = by(asked.method, fit, null);
  const finite = answer.means.every(Number.isFinite) && (answer.errors?.every(Number.isFinite) ?? true);
  return finite ? answer : naive("not_finite");
}

function fitsOf(values: Float64Array, method: Exclude<SeriesMethod, "naive">, length: number): readonly FittedSeries[] {
  const smoothing = () => {
    const fit = chooseSmoothing(values, length);
    return fit === undefined ? [] : [fit];
  };
  const season = seasonOf(values, length);
  switch (method) {
    case "exponential_smoothing":
      return smoothing();
    case "theta":
      return [fitTheta(values, season)];
    case "dynamic_theta":
      return [fitDynamicTheta(values, season)];
    case "combination":
      return [...smoothing(), fitTheta(values, season)];
    case "naive2":
      return [fitNaive(values, season)];
    default:
      return method satisfies never;
  }
}

function seasonOf(values: Float64Array, length: number): Season | undefined {
  if (!isSeasonal(values, length)) return undefined;
  return decompose(values, length, values.every((value) => value > 0) ? "multiplicative" : "additive");
}

/** What is said is never less. */
function leastOf(values: Float64Array): number {
  return values.every((value) => value >= 0) ? 0 : Number.NEGATIVE_INFINITY;
}

/** The mean size of the values, so that all that is fitted is of the size of 1. */
function scaleOf(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += Math.abs(value) / values.length;
  return sum === 0 ? 1 : sum;
}

const whole = z.number().refine(Number.isInteger, "must be a whole number");
const optionsSchema = z.strictObject({
  horizon: whole.min(1, "must be at least 1").max(1_000, "must be at most 1,000"),
  season: whole.min(1, "must be at least 1: 1 is no season").default(1),
  method: z.enum(methods).default("combination"),
  level: z.number().gt(0, "must be above 0, such as 0.8").lt(1, "must be below 1, such as 0.8").default(0.8),
});

function checkedOptions(options: SeriesOptions): z.output<typeof optionsSchema> {
  const result = optionsSchema.safeParse(options);
  if (!result.success) throw invalidInput("series forecast", inputIssues(result.error.issues, options));
  return result.data;
}

function checkedValues(values: readonly number[]): readonly number[] {
  if (!Array.isArray(values)) throw refused("values", "must be an array of numbers");
  if (values.length === 0) throw refused("values", "must hold at least one value");
  for (let at = 0; at < values.length; at++) {
    const value: unknown = values[at];
    if (typeof value !== "number" || Number.isNaN(value)) {
      throw refused(
        `values.${at}`,
        `is a gap (${String(value)}): each period needs a number, 0 where nothing happened`,
      );
    }
    if (Math.abs(value) > GREATEST) throw refused(`values.${at}`, "must lie within ±1e100");
  }
  return values;
}

function refused(field: string, message: string) {
  return invalidInput("series forecast", [{ field, code: "invalid_value", message }]);
}
