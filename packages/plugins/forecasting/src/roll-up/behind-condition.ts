/** Which opportunities are behind a figure, as a condition on them. */

import { type ForecastCategory, forecastCategories } from "../category/category.ts";
import type { Categories } from "../category/category-of.ts";
import type { AskedPeriodScope } from "./ask-forecast.ts";
import { creditedTo } from "./credit.ts";
import type { Belonging } from "./line-node.ts";
import { categoriesBehind } from "./tally.ts";

export interface Behind {
  /** A figure of a category, or of what is told apart. */
  readonly which: ForecastCategory | "overdue" | "undated";
  /** Of a line; of all lines, where it is undefined. */
  readonly belonging: Belonging | undefined;
  /** Whom figures are asked for; undefined for all, and for nobody. */
  readonly users: readonly string[] | undefined;
}

/** Archived ones are in no figure, and in no list unless it asks for them. */
export function conditionBehind(asked: AskedPeriodScope, { stages }: Categories, behind: Behind): object {
  const { periods, today, method, where } = asked;
  const { which } = behind;
  const aside = which === "overdue" || which === "undated";
  const wanted = aside ? forecastCategories.filter((each) => each !== "closed") : categoriesBehind(method, which);
  const open = wanted.filter((each) => each !== "closed");
  const inStages = stages.filter(({ outcome, category }) => outcome === "open" && open.includes(category as never));
  const between = { between: [periods.from, periods.until] };
  const expected = which === "undated" ? null : which === "overdue" ? { ...between, lt: today } : between;
  const ofOpen = {
    status: "open",
    expectedCloseDate: expected,
    or: [{ forecastCategory: { in: open } }, { forecastCategory: null, stageId: { in: inStages.map(({ id }) => id) } }],
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
