/** The figures of lines while they are added up: for each line, column and category what is of it alone. */
import { type ForecastCategory, type ForecastMethod, forecastCategories } from "../category/category.ts";
import type { ForecastPeriod } from "../period/asked-periods.ts";
import type { Figure, FigureRule } from "./figure.ts";
import type { ForecastCell } from "./line.ts";
import { byMethod, type CategoryTallies, nothing, type Tally } from "./tally.ts";

/** By column, then by category. */
export type Cells = readonly CategoryTallies[];

/** While it is added up. */
export type GrowingCells = readonly { -readonly [C in ForecastCategory]: Tally }[];

/** Most stay empty: these share one nothing. */
export function emptyCells(columns: number): GrowingCells {
  return Array.from({ length: columns }, () => ({
    pipeline: nothing,
    best_case: nothing,
    most_likely: nothing,
    commit: nothing,
    closed: nothing,
  }));
}

/** Adds to what is a map of the cell's own as soon as there is something. */
export function addToCell(cell: GrowingCells[number], category: ForecastCategory, tally: Tally): void {
  if (tally.size === 0) return;
  const sum = cell[category];
  if (sum === nothing) cell[category] = new Map(tally);
  else addTo(sum as Map<string, bigint>, tally);
}

export function addTo(sum: Map<string, bigint>, tally: Tally): void {
  for (const [name, units] of tally) sum.set(name, (sum.get(name) ?? 0n) + units);
}

export function addCells(sum: GrowingCells, more: Cells): void {
  for (const [column, cell] of more.entries())
    for (const category of forecastCategories) addToCell(sum[column]!, category, cell[category]);
}

export interface Shown {
  readonly method: ForecastMethod;
  readonly rule: FigureRule;
  readonly periods: readonly ForecastPeriod[];
}

export function shownCells(cells: Cells, { method, rule, periods }: Shown): readonly ForecastCell[] {
  return cells.map((cell, column) => ({ period: periods[column]!.name, ...figuresOf(cell, method, rule) }));
}

/** The figures of each category, by the method. */
function figuresOf(
  own: CategoryTallies,
  method: ForecastMethod,
  rule: FigureRule,
): Readonly<Record<ForecastCategory, Figure>> {
  const tallies = byMethod(method, own);
  const figures = forecastCategories.map((category) => [category, rule.finish(tallies[category])] as const);
  return Object.fromEntries(figures) as Readonly<Record<ForecastCategory, Figure>>;
}
