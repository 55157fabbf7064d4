/** What a forecast tells apart from its lines: open opportunities that are overdue, and those without a date. */
import type { Categories } from "../category/category-of.ts";
import type { AskedPeriodScope } from "./ask-forecast.ts";
import { type Aside, conditionBehind } from "./behind-condition.ts";
import { addTo } from "./cells.ts";
import { splitKindOf } from "./credit.ts";
import type { FigureRule } from "./figure.ts";
import type { ForecastAside } from "./line.ts";
import { type Part, readParts } from "./read-parts.ts";

export function readUndated(
  asked: AskedPeriodScope,
  categories: Categories,
  users: readonly string[] | undefined,
): Promise<readonly Part[]> {
  return readParts(asked, categories, { side: "open", day: null, line: undefined, byMonth: false, users });
}

export interface Told {
  readonly which: Aside;
  readonly parts: readonly Part[];
  readonly users: readonly string[] | undefined;
  readonly rule: FigureRule;
}

/** Where credit is split, parts are splits, and opportunities are counted by themselves. */
export async function asideOf(
  asked: AskedPeriodScope,
  categories: Categories,
  { which, parts, users, rule }: Told,
): Promise<ForecastAside> {
  const tally = new Map<string, bigint>();
  let count = 0;
  for (const part of parts) {
    if (part.category === "omitted") continue;
    addTo(tally, part.tally);
    count += part.count;
  }
  const figure = rule.finish(tally);
  if (count === 0 || splitKindOf(asked.credit) === undefined) return { count, figure };
  const where = conditionBehind(asked, categories, { which, users, belonging: undefined }) as never;
  return { count: await asked.at.opportunities.count({ where }), figure };
}
