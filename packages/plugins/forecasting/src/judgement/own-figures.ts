/** The figures beneath all judgement: what counts for each user, or each team, in one period. */

import { forecastCategories } from "../category/category.ts";
import type { Categories } from "../category/category-of.ts";
import type { AskedScope } from "../roll-up/ask-forecast.ts";
import type { LineKey } from "../roll-up/read-parts.ts";
import { readParts, type Side } from "../roll-up/read-parts.ts";
import { addTallies, type CategoryTallies, nothing, type Tally } from "../roll-up/tally.ts";

export interface OwnQuery {
  readonly from: string;
  readonly until: string;
  readonly line: LineKey;
  /** Only what counts for them. */
  readonly users?: readonly string[] | undefined;
}

/** Of each category alone, by user or team; what is of none is left out. Two aggregates, more where credit is split. */
export async function readOwn(
  asked: AskedScope,
  categories: Categories,
  { from, until, line, users }: OwnQuery,
): Promise<ReadonlyMap<string, CategoryTallies>> {
  const found = new Map<string, Record<string, Tally>>();
  for (const side of ["open", "won"] satisfies readonly Side[]) {
    const day = { between: [from, until] };
    const parts = await readParts(asked, categories, { side, day, line, byMonth: false, users });
    for (const { category, line: key, tally } of parts) {
      if (category === "omitted" || typeof key !== "string") continue;
      const own = found.get(key) ?? {};
      own[category] = addTallies(own[category] ?? nothing, tally);
      found.set(key, own);
    }
  }
  return new Map([...found].map(([key, own]) => [key, completed(own)]));
}

export const NO_FIGURES: CategoryTallies = completed({});

function completed(own: Readonly<Record<string, Tally>>): CategoryTallies {
  return Object.fromEntries(
    forecastCategories.map((each) => [each, own[each] ?? nothing]),
  ) as unknown as CategoryTallies;
}
