/** What a forecast tells apart from its lines: open opportunities that are overdue, and those without a date. */
import { addDays } from "@relata/core/plugin";
import type { Categories } from "../category/category-of.ts";
import type { AskedPeriodScope } from "./ask-forecast.ts";
import { conditionBehind } from "./behind-condition.ts";
import { addTo } from "./cells.ts";
import { splitKindOf } from "./credit.ts";
import { type Part, readParts } from "./read-parts.ts";
import type { Tally } from "./tally.ts";

export interface Aside {
  readonly count: number;
  readonly tally: Tally;
}

interface Asides {
  readonly overdue: Aside;
  readonly undated: Aside;
  /** All that was read besides. */
  readonly parts: readonly Part[];
}

interface Read {
  /** By fiscal month. */
  readonly parts: { readonly open: readonly Part[] };
  readonly users: readonly string[] | undefined;
}

/** Whole months that are over are known already: the database is asked about the part of the present one, and about what has no date. */
export async function readAsides(
  asked: AskedPeriodScope,
  categories: Categories,
  { parts, users }: Read,
): Promise<Asides> {
  const { periods, today } = asked;
  const query = { side: "open", line: undefined, byMonth: false, users } as const;
  const over = new Set(periods.months.filter(({ until }) => until < today).map(({ name }) => name));
  const present = periods.months.find(({ from, until }) => from < today && today <= until);
  const days = present && { between: [present.from, addDays(today, -1)] };
  const begun = days ? await readParts(asked, categories, { ...query, day: days }) : [];
  const undated = await readParts(asked, categories, { ...query, day: null });
  const overdue = [...parts.open.filter(({ month }) => over.has(month!)), ...begun];
  return {
    overdue: await asideOf(asked, categories, { parts: overdue, users, which: "overdue" }),
    undated: await asideOf(asked, categories, { parts: undated, users, which: "undated" }),
    parts: [...begun, ...undated],
  };
}

interface Told {
  readonly parts: readonly Part[];
  readonly users: readonly string[] | undefined;
  readonly which: "overdue" | "undated";
}

/** Where credit is split, parts are splits, and opportunities are counted by themselves. */
async function asideOf(asked: AskedPeriodScope, categories: Categories, { parts, users, which }: Told): Promise<Aside> {
  const tally = new Map<string, bigint>();
  let count = 0;
  for (const part of parts) {
    if (part.category === "omitted") continue;
    addTo(tally, part.tally);
    count += part.count;
  }
  if (count === 0 || splitKindOf(asked.credit) === undefined) return { count, tally };
  const where = conditionBehind(asked, categories, { which, users, belonging: undefined }) as never;
  return { count: await asked.at.opportunities.count({ where }), tally };
}
