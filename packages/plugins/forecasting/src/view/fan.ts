/** What was, and what is expected with how wide an interval, along periods: what a fan chart draws. */
import { invalidInput } from "@relata/core/plugin";
import type { SeriesForecast } from "../series/forecast-series.ts";

export interface FanPoint {
  /** Of the period, in order: "2026-11". */
  readonly label: string;
  /** What was; null where it is not known yet. */
  readonly actual: number | null;
  /** What is, or was, expected; null where nothing is. */
  readonly expected: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

export interface Fan {
  readonly title: string;
  /** The code of a currency, or what is counted. */
  readonly unit?: string | undefined;
  /** The share of outcomes that the intervals are to hold: 0.8 is from p10 to p90. */
  readonly level: number;
  readonly points: readonly FanPoint[];
  /** A quota, drawn as a line across. */
  readonly target?: number | undefined;
}

export interface SeriesFan {
  readonly title: string;
  readonly unit?: string | undefined;
  /** The values that the forecast was made from, or the last ones of them. */
  readonly values: readonly number[];
  readonly forecast: SeriesForecast;
  /** Names of the values and of what is forecast, as many as there are of both. */
  readonly labels: readonly string[];
  /** What came of what was forecast, where it is known by now. */
  readonly outcome?: readonly number[] | undefined;
}

/** A series and its forecast, in plain numbers for a chart. @throws `invalid_input` where labels are too few or too many */
export function fanOfSeries({ title, unit, values, forecast, labels, outcome = [] }: SeriesFan): Fan {
  const count = values.length + forecast.points.length;
  if (labels.length !== count) {
    const message = `has ${labels.length} names for ${count} values, known and forecast`;
    throw invalidInput("fan", [{ field: "labels", code: "invalid_value", message }]);
  }
  const known = values.map((actual, at): FanPoint => {
    return { label: labels[at]!, actual, expected: null, lower: null, upper: null };
  });
  const ahead = forecast.points.map(({ mean, lower, upper }, at): FanPoint => {
    return { label: labels[values.length + at]!, actual: outcome[at] ?? null, expected: mean, lower, upper };
  });
  return { title, unit, level: forecast.level, points: [...known, ...ahead] };
}
