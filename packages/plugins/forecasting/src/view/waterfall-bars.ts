/** Changes as the bars of a chart. */
import { amountsOf, type DrawnFigure, unitsOf } from "./drawn-figure.ts";

/** What is drawn of changes: `crm.forecasting.changes` answers with them. */
export interface DrawnChanges {
  readonly from: Date;
  readonly to: Date;
  readonly opening: DrawnFigure;
  readonly closing: DrawnFigure;
  readonly bars: readonly {
    readonly kind: string;
    readonly figure: DrawnFigure;
    readonly opportunities: readonly unknown[];
  }[];
}

export interface WaterfallBar {
  /** "opening", the kinds of changes in their order, "closing". */
  readonly kind: string;
  /** Where the bar begins and ends on the axis: the first and the last one begin at 0. */
  readonly from: number;
  readonly to: number;
  /** How many opportunities; null for the first and the last one. */
  readonly count: number | null;
}

export interface WaterfallBars {
  /** The code of the currency; empty for plain numbers. */
  readonly unit: string;
  readonly bars: readonly WaterfallBar[];
}

/** One waterfall for each currency, as plain numbers for a chart. Bars in which nothing has changed are left out. */
export function waterfallBars({ opening, closing, bars }: DrawnChanges): readonly WaterfallBars[] {
  const units = unitsOf([opening, closing, ...bars.map(({ figure }) => figure)]);
  return units.map((unit) => {
    const amount = (figure: DrawnFigure) => amountsOf(figure).get(unit) ?? 0;
    let level = amount(opening);
    const first: WaterfallBar = { kind: "opening", from: 0, to: level, count: null };
    const steps = bars.flatMap(({ kind, figure, opportunities }): WaterfallBar[] => {
      const change = amount(figure);
      if (change === 0) return [];
      const from = level;
      level += change;
      return [{ kind, from, to: level, count: opportunities.length }];
    });
    return { unit, bars: [first, ...steps, { kind: "closing", from: 0, to: amount(closing), count: null }] };
  });
}
