/** Which opportunities are behind a figure, as a condition on them. */

import { type ForecastCategory, forecastCategories } from "../category/category.ts";
import type { Categories } from "../category/category-of.ts";
import type { AskedPeriodScope } from "./ask-forecast.ts";
import { creditedTo } from "./credit.ts";
import type { Belonging } from "./line-node.ts";
import { categoriesBehind } from "./tally.ts";

/** What a forecast tells apart. */
export type Aside = "overdue" | "undated" | "assumed";

export function isAside(which: ForecastCategory | Aside): which is Aside {
  return which === "overdue" || which === "undated" || which === "assumed";
}

export interface Behind {
  /** A figure of a category, or of what is told apart. */
  readonly which: ForecastCategory | Aside;
  /** Of a line; of all lines, where it is undefined. */
  readonly belonging: Belonging | undefined;
  /** Whom figures are asked for; undefined for all, and for nobody. */
  readonly users: readonly string[] | undefined;
}

/** Archived ones are in no figure, and in no list unless it asks for them. */
export function conditionBehind(asked: AskedPeriodScope, { stages }: Categories, behind: Behind): object {
  const { periods, today, method, where } = asked;
  const { which } = behind;
  const wanted = isAside(which)
    ? forecastCategories.filter((each) => each !== "closed")
    : categoriesBehind(method, which);
  const open = wanted.filter((each) => each !== "closed");
  const inStages = stages.filter(
    ({ outcome, category, isAssumed }) =>
      outcome === "open" && open.includes(category as never) && (which !== "assumed" || isAssumed),
  );
  const byStage = { forecastCategory: null, stageId: { in: inStages.map(({ id }) => id) } };
  const between = { between: [periods.from, periods.until] };
  const expected = which === "undated" ? null : which === "overdue" ? { ...between, lt: today } : between;
  const ofOpen = {
    status: "open",
    expectedCloseDate: expected,
    or: which === "assumed" ? [byStage] : [{ forecastCategory: { in: open } }, byStage],
  };
  const ofWon = { status: "won", actualCloseDate: between };
  const sides = [...(open.length > 0 ? [ofOpen] : []), ...(wanted.includes("closed") ? [ofWon] : [])];
  const { users, where: ofLine } = creditedUsers(behind);
  return { and: [{ or: sides }, where, ofLine, creditedTo(asked.credit, users)] };
}

/** Whose credit counts (null: that of nobody), and what else is asked of the opportunities. */
export function creditedUsers({ belonging, users }: Pick<Behind, "belonging" | "users">): {
  readonly users: readonly string[] | null | undefined;
  readonly where: object;
} {
  if (belonging === undefined) return { users, where: {} };
  if ("where" in belonging) return { users, where: belonging.where };
  if (users === undefined) return { users: belonging.users, where: {} };
  const asked = new Set(users);
  return { users: belonging.users?.filter((id) => asked.has(id)) ?? [], where: {} };
}
