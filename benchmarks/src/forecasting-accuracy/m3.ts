/** How well series are forecast: every other monthly series of the M3 competition, beside the methods that took part in it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { forecastSeries, type SeriesMethod } from "@relata/forecasting";
import { type Evaluation, markdownTable, type Section } from "./section.ts";

const SEASON = 12;
const LEVELS = [0.8, 0.95];

interface M3Series {
  readonly known: readonly number[];
  /** What came next: 18 months. */
  readonly outcome: readonly number[];
}

/** What one method reached, over all series. */
export interface M3Row {
  readonly method: string;
  /** Percent: the mean of 200 |a − f| / (|a| + |f|). */
  readonly smape: number;
  /** The mean of the absolute errors, each series' scaled by the mean absolute error of its value a season ago, within the known part. */
  readonly mase: number;
  /** The shares of outcomes inside of the intervals that are to hold the levels asked for; those who took part gave none. */
  readonly coverage: readonly number[];
}

const names: readonly (readonly [method: SeriesMethod, name: string])[] = [
  ["combination", "combination (default)"],
  ["exponential_smoothing", "exponential smoothing"],
  ["theta", "Theta"],
  ["dynamic_theta", "dynamic optimised Theta"],
  ["naive2", "Naive2"],
  ["naive", "naive"],
];

export const m3: Section = { name: "m3-monthly", evaluate };

/** What the package's methods reach, by method, with intervals of these levels. Each method and level takes up to four seconds. */
export function evaluateMethods(
  folder: string,
  { methods, levels }: { readonly methods: readonly SeriesMethod[]; readonly levels: readonly number[] },
): ReadonlyMap<SeriesMethod, M3Row> {
  const series = readSeries(folder);
  return new Map(methods.map((method) => [method, rowOf(series, method, levels)]));
}

function evaluate(folder: string): Evaluation {
  const started = performance.now();
  const reached = evaluateMethods(folder, { methods: names.map(([method]) => method), levels: LEVELS });
  const seconds = (performance.now() - started) / 1000;
  const ours = names.map(([method, name]) => ({ ...reached.get(method)!, method: `**${name}**` }));
  const rows = [...ours, ...readPublished(folder)].sort((a, b) => a.smape - b.smape);
  const cells = rows.map(({ method, smape, mase, coverage }) => [
    ...[method, smape.toFixed(2), mase.toFixed(3)],
    ...LEVELS.map((_, at) => percent(coverage[at])),
  ]);
  const table = markdownTable(
    ["method", "sMAPE", "MASE", ...LEVELS.map((level) => `${100 * level} % interval holds`)],
    cells,
  );
  console.log(`m3-monthly: all methods, with two intervals each, in ${seconds.toFixed(1)} s`);
  return { markdown: table, missed: missedGoals(reached) };
}

function missedGoals(reached: ReadonlyMap<SeriesMethod, M3Row>): readonly string[] {
  const { smape, mase, coverage } = reached.get("combination")!;
  const goals: readonly (readonly [boolean, string])[] = [
    [smape <= 13.45, `the default's sMAPE of ${smape.toFixed(2)} is above 13.45`],
    [mase <= 0.835, `the default's MASE of ${mase.toFixed(3)} is above 0.835`],
    [coverage[0]! >= 0.75 && coverage[0]! <= 0.85, `the 80 % interval holds ${percent(coverage[0])}`],
    [reached.get("theta")!.smape <= 13.65, "Theta's sMAPE is above 13.65"],
    [Math.abs(reached.get("naive2")!.smape - 16.34) <= 0.2, "Naive2 is not what was published: the set-up differs"],
  ];
  return goals.filter(([met]) => !met).map(([, words]) => words);
}

function rowOf(series: readonly M3Series[], method: SeriesMethod, levels: readonly number[]): M3Row {
  let [smape, mase] = [0, 0];
  const coverage = levels.map(() => 0);
  for (const { known, outcome } of series) {
    const weight = 1 / (series.length * outcome.length);
    const scale = seasonalError(known);
    for (const [index, level] of levels.entries()) {
      const { points } = forecastSeries(known, { season: SEASON, horizon: outcome.length, method, level });
      for (const [at, value] of outcome.entries()) {
        const { mean, lower, upper } = points[at]!;
        if (value >= lower! && value <= upper!) coverage[index]! += weight;
        if (index > 0) continue;
        const error = Math.abs(value - mean);
        smape += (weight * 200 * error) / (Math.abs(value) + Math.abs(mean));
        mase += (weight * error) / scale;
      }
    }
  }
  return { method, smape, mase, coverage };
}

function seasonalError(values: readonly number[]): number {
  let sum = 0;
  for (let at = SEASON; at < values.length; at++) sum += Math.abs(values[at]! - values[at - SEASON]!);
  return sum / (values.length - SEASON);
}

function readSeries(folder: string): readonly M3Series[] {
  const lines = gunzipSync(readFileSync(join(folder, "series.csv.gz")))
    .toString("utf8")
    .trim()
    .split("\n")
    .slice(1);
  const numbers = (text: string) => text.split(" ").map(Number);
  return lines.map((line) => {
    const cells = line.split(",");
    return { known: numbers(cells.at(-2)!), outcome: numbers(cells.at(-1)!) };
  });
}

function readPublished(folder: string): readonly M3Row[] {
  const lines = readFileSync(join(folder, "published-accuracy.csv"), "utf8").trim().split("\n").slice(1);
  return lines.map((line) => {
    const [method, , smape, mase] = line.split(",");
    return { method: method!, smape: Number(smape), mase: Number(mase), coverage: [] };
  });
}

function percent(share: number | undefined): string {
  return share === undefined ? "" : `${(100 * share).toFixed(1)} %`;
}
