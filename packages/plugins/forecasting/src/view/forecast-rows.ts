/** A forecast as rows of a table, for a terminal and for a page. */
import { type DrawnFigure, type FigureWriter, figureWriter, isNothing, unitsOf } from "./drawn-figure.ts";
import { nameOf, type ViewWords } from "./view-words.ts";

const CATEGORIES = ["pipeline", "best_case", "most_likely", "commit", "closed"] as const;

type DrawnCell = Readonly<Record<(typeof CATEGORIES)[number], DrawnFigure>>;

interface DrawnAside {
  readonly count: number;
  readonly figure: DrawnFigure;
}

/** What is drawn of a forecast: `crm.forecasting.forecast` answers with one. */
export interface DrawnForecast {
  readonly asOf: Date;
  readonly periods: readonly { readonly name: string }[];
  /** From the top down. */
  readonly lines: readonly {
    readonly name: string | null;
    readonly depth: number;
    readonly own: readonly DrawnCell[];
    readonly total: readonly DrawnCell[];
  }[];
  readonly total: readonly DrawnCell[];
  readonly overdue: DrawnAside;
  readonly undated: DrawnAside;
  readonly assumed?: DrawnAside;
}

export interface ForecastRow {
  readonly kind: "line" | "own" | "total";
  readonly name: string;
  readonly depth: number;
  /** Whether it is the last one below the row above it. */
  readonly last: boolean;
  /** For each period, a figure for each category. */
  readonly cells: readonly string[];
}

export interface ForecastRows {
  readonly writer: FigureWriter;
  readonly periods: readonly string[];
  readonly categories: readonly string[];
  readonly rows: readonly ForecastRow[];
  /** What is told apart, a line each. */
  readonly asides: readonly string[];
}

/**
 * A line's figures are those of all that is below it; what is its own has a row below it where it is something, so that rows add up as they
 * are seen.
 */
export function forecastRows(forecast: DrawnForecast, locale: string, words: ViewWords): ForecastRows {
  const { lines, total, overdue, undated, assumed } = forecast;
  const writer = figureWriter(locale, unitsOf(figuresOf(forecast)));
  const written = (cells: readonly DrawnCell[]) =>
    cells.flatMap((cell) => CATEGORIES.map((category) => writer.write(cell[category])));
  const rows = lines.flatMap((line, at): Omit<ForecastRow, "last">[] => {
    const { depth } = line;
    const row = { kind: "line" as const, name: line.name ?? words.none, depth, cells: written(line.total) };
    const hasBelow = (lines[at + 1]?.depth ?? 0) > depth;
    const hasOwn = line.own.some((cell) => CATEGORIES.some((category) => !isNothing(cell[category])));
    if (!hasBelow || !hasOwn) return [row];
    return [row, { kind: "own", name: words.own, depth: depth + 1, cells: written(line.own) }];
  });
  rows.push({ kind: "total", name: words.total, depth: 0, cells: written(total) });
  const aside = (word: string, { count, figure }: DrawnAside) =>
    `${word}: ${writer.write(figure)} (${new Intl.NumberFormat(locale).format(count)})`;
  return {
    writer,
    periods: forecast.periods.map(({ name }) => name),
    categories: CATEGORIES.map((category) => nameOf(category, words)),
    rows: withLast(rows),
    asides: [
      aside(words.overdue, overdue),
      aside(words.undated, undated),
      ...(assumed && assumed.count > 0 ? [aside(words.assumed, assumed)] : []),
    ],
  };
}

function* figuresOf({ lines, total, overdue, undated }: DrawnForecast): Iterable<DrawnFigure> {
  const cells = [...lines.flatMap((line) => line.total), ...total];
  for (const cell of cells) for (const category of CATEGORIES) yield cell[category];
  yield overdue.figure;
  yield undated.figure;
}

/** From the bottom up: a row is the last one below its parent if none of its depth has come since one that is less deep. */
function withLast(rows: readonly Omit<ForecastRow, "last">[]): readonly ForecastRow[] {
  const seen: boolean[] = [];
  return rows
    .toReversed()
    .map((row) => {
      const last = seen[row.depth] !== true;
      seen.length = row.depth;
      seen[row.depth] = true;
      return { ...row, last };
    })
    .reverse();
}
