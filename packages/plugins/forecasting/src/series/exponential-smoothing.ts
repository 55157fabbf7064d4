/**
 * Exponential smoothing in its state space form: Hyndman, Koehler, Ord and Snyder, "Forecasting with exponential smoothing: the state space
 * approach", Springer 2008 (the recursions are those of their tables 2.2 and 2.3; the first states those of section 2.6.1).
 */
import type { FittedSeries } from "./fitted-series.ts";
import { nelderMead } from "./nelder-mead.ts";
import { decompose } from "./seasonality.ts";

export interface SmoothingForm {
  readonly error: "additive" | "multiplicative";
  readonly trend: "none" | "additive" | "damped";
  readonly season: "none" | "additive" | "multiplicative";
}

export interface SmoothingFit extends FittedSeries {
  /** Akaike's information criterion, corrected for short series; Infinity where there are too few values for the form. */
  readonly aicc: number;
}

/** What a form starts from, shared by all forms of one season: the first states, and whether there is a season at all. */
interface Start {
  readonly level: number;
  readonly slope: number;
  readonly flat: number;
  readonly season: Float64Array;
}

const LEAST = 0.0001;
const MOST = 0.9999;
const LEAST_DAMPING = 0.8;
const MOST_DAMPING = 0.98;

/** Parameters in one array: α, β, γ, φ, first level, first slope. Those that a form lacks are fixed. */
const [ALPHA, BETA, GAMMA, PHI, LEVEL, SLOPE] = [0, 1, 2, 3, 4, 5] as const;

export function firstStates(values: Float64Array, form: SmoothingForm["season"], length: number): Start {
  const season = form === "none" ? undefined : decompose(values, length, form);
  const adjusted = season?.adjusted ?? values;
  const count = Math.min(Math.max(10, 2 * length), adjusted.length);
  let [sum, moment] = [0, 0];
  for (let at = 0; at < count; at++) {
    sum += adjusted[at]!;
    moment += (at + 1) * adjusted[at]!;
  }
  const mean = sum / count;
  const middle = (count + 1) / 2;
  const slope = count < 2 ? 0 : (moment - count * middle * mean) / ((count * (count ** 2 - 1)) / 12);
  return { level: mean - slope * middle, slope, flat: mean, season: season?.indices ?? new Float64Array(1) };
}

/** `length` is that of the season, 1 without one. Values are best of the size of 1. */
export function fitSmoothing(
  values: Float64Array,
  form: SmoothingForm,
  { start, length }: { start: Start; length: number },
): SmoothingFit {
  const trended = form.trend !== "none";
  const seasonal = form.season !== "none";
  const parameters = Float64Array.of(
    0.2 / length + LEAST,
    trended ? 0.1 * (0.2 / length + LEAST) : 0,
    seasonal ? 0.05 * (1 - 0.2 / length) : 0,
    form.trend === "damped" ? 0.978 : 1,
    trended ? start.level : start.flat,
    trended ? start.slope : 0,
  );
  const free: number[] = [ALPHA, LEVEL];
  if (trended) free.push(BETA, SLOPE);
  if (seasonal) free.push(GAMMA);
  if (form.trend === "damped") free.push(PHI);
  const run = newRun(values, form, { start, length });
  const scale = Math.abs(start.flat) || 1;
  const minimum = nelderMead(
    (at) => {
      for (let i = 0; i < free.length; i++) parameters[free[i]!] = at[i]!;
      return isAllowed(parameters, form) ? smooth(run, parameters) : Number.POSITIVE_INFINITY;
    },
    {
      start: free.map((index) => parameters[index]!),
      steps: free.map((index) => stepOf(index, parameters[index]!, scale)),
      ...{ tolerance: 1e-7, mostEvaluations: 250 * free.length },
    },
  );
  for (let i = 0; i < free.length; i++) parameters[free[i]!] = minimum.at[i]!;
  const count = free.length + (seasonal ? length - 1 : 0) + 1;
  const rest = values.length - count - 1;
  const aicc = rest > 0 ? minimum.value + 2 * count + (2 * count * (count + 1)) / rest : Number.POSITIVE_INFINITY;
  smooth(run, parameters);
  return {
    model: nameOf(form),
    parameters: free.length,
    aicc: Number.isNaN(aicc) ? Number.POSITIVE_INFINITY : aicc,
    from: (seen, out) => project(run, parameters[PHI]!, { seen, out }),
  };
}

function isAllowed(parameters: Float64Array, form: SmoothingForm): boolean {
  const alpha = parameters[ALPHA]!;
  if (alpha < LEAST || alpha > MOST) return false;
  if (form.trend !== "none" && (parameters[BETA]! < LEAST || parameters[BETA]! > alpha)) return false;
  if (form.season !== "none" && (parameters[GAMMA]! < LEAST || parameters[GAMMA]! > 1 - alpha)) return false;
  return form.trend !== "damped" || (parameters[PHI]! >= LEAST_DAMPING && parameters[PHI]! <= MOST_DAMPING);
}

function stepOf(index: number, value: number, scale: number): number {
  if (index === LEVEL) return 0.1 * scale;
  if (index === SLOPE) return 0.01 * scale;
  if (index === PHI) return -0.05;
  return index === ALPHA ? 0.2 : value;
}

/** A form run over the values, with its states after each of them. */
interface Run {
  readonly values: Float64Array;
  readonly form: SmoothingForm;
  readonly length: number;
  /** After so many values. */
  readonly levels: Float64Array;
  readonly slopes: Float64Array;
  /** The index of season for each value, then for the season after the last one. */
  readonly seasons: Float64Array;
}

function newRun(values: Float64Array, form: SmoothingForm, { start, length }: { start: Start; length: number }): Run {
  const seasons = new Float64Array(values.length + length);
  seasons.set(start.season);
  const [levels, slopes] = [new Float64Array(values.length + 1), new Float64Array(values.length + 1)];
  return { values, form, length, levels, slopes, seasons };
}

/**
 * Runs it, and answers minus twice the logarithm of the likelihood, up to a constant. Both kinds of errors have the same recursions for the
 * states: they differ in what counts as a large error.
 */
function smooth({ values, form, length, levels, slopes, seasons }: Run, parameters: Float64Array): number {
  const [alpha, beta, gamma, phi] = [parameters[ALPHA]!, parameters[BETA]!, parameters[GAMMA]!, parameters[PHI]!];
  const relative = form.error === "multiplicative";
  const added = form.season === "additive";
  const multiplied = form.season === "multiplicative";
  const pull = beta / alpha;
  let level = parameters[LEVEL]!;
  let slope = parameters[SLOPE]!;
  let squares = 0;
  let logarithms = 0;
  let product = 1;
  levels[0] = level;
  slopes[0] = slope;
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    const index = seasons[at]!;
    const damped = phi * slope;
    const before = level + damped;
    const said = multiplied ? before * index : added ? before + index : before;
    let error = value - said;
    if (relative) {
      if (said <= 0 || before <= 0) return Number.POSITIVE_INFINITY;
      error /= said;
      product *= said;
      // The logarithm of a product of a few is that of each: one call in place of many.
      if (product > 1e100 || product < 1e-100) {
        logarithms += Math.log(product);
        product = 1;
      }
    }
    squares += error * error;
    const seen = multiplied ? value / index : added ? value - index : value;
    level = before + alpha * (seen - before);
    slope = damped + pull * (level - before);
    if (multiplied) seasons[at + length] = index + gamma * (value / before - index);
    else if (added) seasons[at + length] = index + gamma * (value - before - index);
    levels[at + 1] = level;
    slopes[at + 1] = slope;
  }
  const deviance = values.length * Math.log(squares) + 2 * (logarithms + Math.log(product));
  return Number.isNaN(deviance) ? Number.POSITIVE_INFINITY : deviance;
}

function project(run: Run, phi: number, { seen, out }: { seen: number; out: Float64Array }): void {
  const { form, length, seasons } = run;
  let level = run.levels[seen]!;
  let slope = run.slopes[seen]!;
  for (let step = 0; step < out.length; step++) {
    slope *= phi;
    level += slope;
    const index = seasons[seen + (step % length)]!;
    out[step] = form.season === "multiplicative" ? level * index : form.season === "additive" ? level + index : level;
  }
}

const LETTERS = { none: "N", additive: "A", damped: "Ad", multiplicative: "M" } as const;

/** As in the book: error, trend, season. */
function nameOf({ error, trend, season }: SmoothingForm): string {
  return `ETS(${LETTERS[error]},${LETTERS[trend]},${LETTERS[season]})`;
}
