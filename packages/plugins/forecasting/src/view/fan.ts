/** What was, and what is expected with how wide an interval, along periods: what a fan chart draws. */
import { invalidInput, type Money } from "@relata/core/plugin";
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

export interface PredictionFan {
  readonly title: string;
  /** What was won in the periods before, from the earliest on. */
  readonly past?: readonly { readonly label: string; readonly won: Money }[] | undefined;
  /** Of each period to come, what `predict` says of it in one currency: `currencies[0].total`, or what it says of an owner. */
  readonly ahead: readonly {
    readonly label: string;
    readonly amounts: { readonly p10: Money; readonly p50: Money; readonly p90: Money };
  }[];
  readonly quota?: Money | undefined;
}

/** Predictions beside what was won before, in plain numbers for a chart. @throws `invalid_input` where amounts are in several currencies */
export function fanOfPredictions({ title, past = [], ahead, quota }: PredictionFan): Fan {
  const moneys = [...past.map(({ won }) => won), ...ahead.flatMap(({ amounts: { p10, p50, p90 } }) => [p10, p50, p90])];
  const currencies = new Set([...moneys, ...(quota ? [quota] : [])].map(({ currency }) => currency));
  if (currencies.size > 1) {
    const message = `are in ${[...currencies].join(" and ")}: draw one currency, or convert them`;
    throw invalidInput("fan", [{ field: "ahead", code: "not_allowed", message }]);
  }
  const known = past.map(({ label, won }): FanPoint => {
    return { label, actual: Number(won.amount), expected: null, lower: null, upper: null };
  });
  const points = ahead.map(({ label, amounts: { p10, p50, p90 } }): FanPoint => {
    return { label, actual: null, expected: Number(p50.amount), lower: Number(p10.amount), upper: Number(p90.amount) };
  });
  const target = quota === undefined ? undefined : Number(quota.amount);
  return { title, unit: [...currencies][0], level: 0.8, points: [...known, ...points], target };
}

/** What is drawn of a back-test: one of the horizons that `crm.forecasting.backtest` answers with. */
export interface DrawnBacktest {
  readonly origins: readonly {
    readonly origin: string;
    readonly outcome: number;
    readonly company: Readonly<Record<string, ForecastOfMethod | undefined>>;
  }[];
}

interface ForecastOfMethod {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

export interface BacktestFan {
  readonly title: string;
  readonly unit?: string | undefined;
  readonly backtest: DrawnBacktest;
  /** "predicted", unless given, or a baseline. */
  readonly method?: string | undefined;
}

/** What was said at each origin of the sum of all owners, and what came of it, in plain numbers for a chart. */
export function fanOfBacktest({ title, unit, backtest, method = "predicted" }: BacktestFan): Fan {
  const points = backtest.origins.map(({ origin, outcome, company }): FanPoint => {
    const said = company[method];
    const [expected, lower, upper] = [said?.p50 ?? null, said?.p10 ?? null, said?.p90 ?? null];
    return { label: origin, actual: outcome, expected, lower, upper };
  });
  return { title, unit, level: 0.8, points };
}
