/** The forecast: what is open, by when it is expected to close, and what is won, by when it was, added up by category. */
import { addDays } from "@relata/core/plugin";
import * as z from "zod";
import { type Categories, readCategories } from "../category/category-of.ts";
import type { ForecastingContext } from "../parts.ts";
import { asideOf, readUndated, type Told } from "./asides.ts";
import {
  type AskedPeriodScope,
  askPeriodScope,
  checkedQuery,
  type PeriodScopeQuery,
  periodScopeFields,
} from "./ask-forecast.ts";
import { addCells, addToCell, type Cells, emptyCells, type GrowingCells, shownCells } from "./cells.ts";
import { dimensionOf, keyOfValue, type RollUp, usersOf } from "./dimension.ts";
import { figureRuleOf } from "./figure-rule.ts";
import type { Forecast, ForecastLine } from "./line.ts";
import type { LineNode } from "./line-node.ts";
import { type LineKey, type Part, readParts, type Side } from "./read-parts.ts";

export interface ForecastQuery extends PeriodScopeQuery {
  /** What the lines are; `owner`, unless said. */
  readonly rollUp?: RollUp | undefined;
}

export const forecastFields = { ...periodScopeFields, rollUp: z.string().min(1).max(200).optional() };
const forecastSchema = z.strictObject(forecastFields);

/** One query for settings, stages and users each, and one grouped aggregate for what is overdue, due, won and undated each. */
export async function forecast(context: ForecastingContext, given: ForecastQuery): Promise<Forecast> {
  const { rollUp = "owner", ...query } = checkedQuery("forecast", forecastSchema, given);
  const asked = await askPeriodScope(context, "forecast", query);
  const categories = await readCategories(asked.at);
  const dimension = await dimensionOf(asked, rollUp);
  const users = await scopedUsers(asked);
  const parts = await periodParts(asked, categories, { line: dimension.key, users });
  const own = cellsByLine(asked, parts);
  const undated = await readUndated(asked, categories, users);
  const rule = await figureRuleOf(asked, currenciesOf([parts.overdue, parts.due, parts.won, undated]));
  const keys = [...own.keys()].filter((key) => key !== null);
  const nodes = await dimension.nodes(keys);
  const shown = { method: asked.method, rule, periods: asked.periods.columns };
  const total = emptyCells(asked.periods.columns.length);
  for (const cells of own.values()) addCells(total, cells);
  const told = (aside: Pick<Told, "which" | "parts">) => asideOf(asked, categories, { ...aside, users, rule });
  return {
    asOf: asked.at.now(),
    measure: asked.measure,
    credit: asked.credit,
    method: asked.method,
    convert: asked.convert ?? null,
    rollUp,
    periods: asked.periods.columns,
    lines: linesOf(asked, nodes, own).map(({ own: ownCells, total: totalCells, ...line }) => {
      const [mine, all] = [shownCells(ownCells, shown), shownCells(totalCells, shown)];
      return { ...line, own: mine, total: all };
    }),
    total: shownCells(total, shown),
    overdue: await told({ which: "overdue", parts: parts.overdue }),
    undated: await told({ which: "undated", parts: undated }),
    assumed: {
      ...(await told({
        which: "assumed",
        parts: [...parts.overdue, ...parts.due].filter(({ assumed }) => assumed),
      })),
      stages: categories.assumed(),
    },
  };
}

/** The users that credit counts for; undefined for all, and for nobody. */
export async function scopedUsers(
  asked: Pick<AskedPeriodScope, "at" | "under">,
): Promise<readonly string[] | undefined> {
  return asked.under === undefined ? undefined : (await usersOf(asked)).map(({ id }) => id);
}

interface PeriodParts {
  /** Open, and expected to close before the organisation's day. */
  readonly overdue: readonly Part[];
  readonly due: readonly Part[];
  readonly won: readonly Part[];
}

/** What falls into the periods, by line and fiscal month: what is open in two, so that nothing is looked at twice. */
async function periodParts(
  asked: AskedPeriodScope,
  categories: Categories,
  { line, users }: { readonly line: LineKey; readonly users: readonly string[] | undefined },
): Promise<PeriodParts> {
  const { periods, today } = asked;
  const read = (side: Side, [from, until]: readonly [string, string]) =>
    readParts(asked, categories, { side, day: { between: [from, until] }, line, users, byMonth: true });
  const { from, until } = periods;
  const isOver = until < today;
  const isBegun = from < today;
  return {
    overdue: isBegun ? await read("open", [from, isOver ? until : addDays(today, -1)]) : [],
    due: isOver ? [] : await read("open", [isBegun ? today : from, until]),
    won: await read("won", [from, until]),
  };
}

/** What is of each line alone; of what has none by null. */
function cellsByLine(
  { periods }: AskedPeriodScope,
  { overdue, due, won }: PeriodParts,
): ReadonlyMap<string | null, Cells> {
  const columns = new Map(periods.months.map(({ name, column }) => [name, column]));
  const lines = new Map<string | null, GrowingCells>();
  for (const parts of [overdue, due, won]) {
    for (const { category, line, month, tally } of parts) {
      if (category === "omitted") continue;
      const key = keyOfValue(line);
      let cells = lines.get(key);
      if (!cells) {
        cells = emptyCells(periods.columns.length);
        lines.set(key, cells);
      }
      addToCell(cells[columns.get(month!)!]!, category, tally);
    }
  }
  return lines;
}

function currenciesOf(lists: readonly (readonly Part[])[]): ReadonlySet<string> {
  const currencies = new Set<string>();
  for (const parts of lists)
    for (const { category, tally } of parts)
      if (category !== "omitted") for (const name of tally.keys()) currencies.add(name);
  return currencies;
}

type UnfinishedLine = Omit<ForecastLine, "own" | "total"> & { readonly own: Cells; readonly total: Cells };

function linesOf(
  { periods }: AskedPeriodScope,
  nodes: readonly LineNode[],
  own: ReadonlyMap<string | null, Cells>,
): readonly UnfinishedLine[] {
  const none = emptyCells(periods.columns.length);
  const totals = new Map<string, GrowingCells>();
  const tree = nodes.some(({ parentKey }) => parentKey !== null);
  if (tree) {
    for (const { key } of nodes) totals.set(key, emptyCells(periods.columns.length));
    for (const { key, parentKey } of nodes.toReversed()) {
      const total = totals.get(key)!;
      addCells(total, own.get(key) ?? none);
      if (parentKey !== null) addCells(totals.get(parentKey)!, total);
    }
  }
  const lines = nodes.map((node) => {
    const cells = own.get(node.key) ?? none;
    return { ...node, own: cells, total: totals.get(node.key) ?? cells };
  });
  const without = own.get(null);
  if (!without) return lines;
  return [...lines, { key: null, name: null, parentKey: null, depth: 0, own: without, total: without }];
}
