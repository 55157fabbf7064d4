/** What a forecast shows: lines, each with a cell for each column, each with a figure for each category. */

import type { ForecastCategory, ForecastCredit, ForecastMeasure, ForecastMethod } from "../category/category.ts";
import type { AssumedStage } from "../category/category-of.ts";

import type { ForecastPeriod } from "../period/asked-periods.ts";
import type { Conversion, Figure } from "./figure.ts";

/** The figures of one line in one period. */
export interface ForecastCell extends Readonly<Record<ForecastCategory, Figure>> {
  /** The name of the period. */
  readonly period: string;
}

export interface ForecastLine {
  /** The id of the user, team, account, …, or the value that it is of; null for what has none. */
  readonly key: string | null;
  /** Null for what has none. */
  readonly name: string | null;
  /** Of a tree: the line above; null at the top. */
  readonly parentKey: string | null;
  /** 0 at the top. */
  readonly depth: number;
  /** What counts for the line itself, one cell for each column. */
  readonly own: readonly ForecastCell[];
  /** With all that is below. The same as `own` where lines are no tree. */
  readonly total: readonly ForecastCell[];
}

/** What is told apart from the lines: the figure, all categories of open opportunities together, and how many opportunities. */
export interface ForecastAside {
  readonly count: number;
  readonly figure: Figure;
}

/** What counts by the probability of its stage, since that had no category then, and these stages. */
export interface AssumedAside extends ForecastAside {
  /** In the order of their pipelines. */
  readonly stages: readonly AssumedStage[];
}

export interface Forecast {
  /** The instant that was read. */
  readonly asOf: Date;
  readonly measure: ForecastMeasure;
  readonly credit: ForecastCredit;
  readonly method: ForecastMethod;
  /** Into which currency, by the rates of which day; null where figures are by currency. */
  readonly convert: Conversion | null;
  readonly rollUp: string;
  /** The columns, in order. */
  readonly periods: readonly ForecastPeriod[];
  /** From the top down; what has no key comes last. */
  readonly lines: readonly ForecastLine[];
  /** All that counts, each figure rounded once: converted lines may differ from their sum by cents. */
  readonly total: readonly ForecastCell[];
  /** Open opportunities of the periods that were expected to close before the day of `asOf`: they are in the lines too. */
  readonly overdue: ForecastAside;
  /** Open opportunities without an expected close date, which are in no period. */
  readonly undated: ForecastAside;
  /**
   * Of an instant in the past: open opportunities of the periods in stages that had no category then, though others of their pipeline had.
   * They are in the lines, by the probability of their stage. Of the present such a stage is refused, since it can be given one.
   */
  readonly assumed: AssumedAside;
}
