/** What people said of a window, where it is a month or a quarter of the fiscal calendar: the adjusted roll-up as it stood at the origin. */
import { dayAt, fiscalPeriodOf } from "@relata/core/plugin";
import { judgedForecast } from "../judgement/judged.ts";
import type { JudgedUser } from "../judgement/judged-line.ts";
import type { KnownDeals } from "../prediction/read-deals.ts";
import type { Window } from "../prediction/window.ts";
import type { Figure } from "../roll-up/figure.ts";

/** By owner; or why there is nothing. */
export type Judgement = ReadonlyMap<string, number> | string;

export interface JudgementAsked {
  readonly window: Window;
  readonly currency: string | null;
  readonly convert: { readonly in: string; readonly on: string } | undefined;
  /** Whether only some opportunities are asked for: nobody has adjusted a figure of these. */
  readonly partial: boolean;
}

/** The category commit, which is what people stand for: with what is won. */
export async function judgementAt(
  { at, settings }: KnownDeals,
  { window, currency, convert, partial }: JudgementAsked,
): Promise<Judgement> {
  const [from, until] = [dayAt(window.from), dayAt(window.to)];
  const period = (["month", "quarter"] as const)
    .map((unit) => fiscalPeriodOf(settings, unit, from))
    .find((one) => one.from === from && one.until === until);
  if (period === undefined) return "Adjustments are of fiscal months and quarters, and the window is none.";
  if (partial) return "Adjustments are of all opportunities, and some are asked for.";
  const where = { periodUnit: period.unit as "month" | "quarter", periodStart: from, measure: "amount" } as const;
  if (currency === null || (await at.forecastAdjustments.count({ where })) === 0)
    return "Nobody had adjusted a forecast.";
  const { users } = await judgedForecast(at, { period: period.name, category: "commit", convert });
  return ownParts(users, currency);
}

/** Of each user, the figure without those of the direct reports, so that all add up to that of the top. */
function ownParts(users: readonly JudgedUser[], currency: string): ReadonlyMap<string, number> {
  const figures = new Map(users.map(({ userId, figures: [figure] }) => [userId, amountOf(figure!.forecast, currency)]));
  const own = new Map(figures);
  for (const { userId, managerId } of users)
    if (managerId !== null && own.has(managerId)) own.set(managerId, own.get(managerId)! - figures.get(userId)!);
  return own;
}

function amountOf(figure: Figure, currency: string): number {
  if (typeof figure === "number") return figure;
  const amounts = Array.isArray(figure) ? figure : [figure];
  return Number(amounts.find((money) => money.currency === currency)?.amount ?? 0);
}
