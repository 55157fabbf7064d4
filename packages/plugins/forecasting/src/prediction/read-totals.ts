/** Where some owners are learned from: what all of them won, and what came in, added up by the database. */
import { count, dayAt, type Money, sum } from "@relata/core/plugin";
import type { ForecastingContext } from "../parts.ts";
import { arrivalDays, runRateDays, type Totals } from "./expectation.ts";
import { type KnownDeals, numberIn } from "./read-deals.ts";
import type { Window } from "./window.ts";

/** By owner. */
export interface OwnerTotals {
  readonly won: readonly OwnerSum[];
  readonly run: readonly OwnerSum[];
  /** What came in lately and is closed already. */
  readonly closed: readonly OwnerSum[];
  /** The first day of what came in lately. */
  readonly startedFrom: number;
}

interface OwnerSum {
  readonly ownerId: string | null;
  readonly count: number;
  readonly amounts: readonly Money[];
}

/** Three grouped aggregates. */
export async function readTotals(
  { at, today, riskFrom, days }: KnownDeals,
  window: Window,
  where: object,
): Promise<OwnerTotals> {
  const startedFrom = today - arrivalDays + 1;
  const wonFrom = (from: number) => ({ status: "won", actualCloseDate: { between: [dayAt(from), dayAt(today)] } });
  const closed = {
    status: { in: ["won", "lost"] },
    actualCloseDate: { between: [dayAt(startedFrom), dayAt(today)] },
    createdAt: { gt: days.endOf(startedFrom - 1) },
  };
  return {
    won: window.from > today ? [] : await sums(at, { and: [wonFrom(window.from), where] }),
    run: await sums(at, { and: [wonFrom(Math.max(riskFrom, today - runRateDays + 1)), where] }),
    closed: await sums(at, { and: [closed, where] }),
    startedFrom,
  };
}

async function sums(at: ForecastingContext, where: object): Promise<readonly OwnerSum[]> {
  return at.opportunities.aggregate({
    where: where as never,
    groupBy: { ownerId: "ownerId" },
    measures: { count: count(), amounts: sum("amount") },
  });
}

/** The same in one currency, in the order of the owners. */
export function totalsIn(totals: OwnerTotals, known: KnownDeals, { owners, currency, ratios }: TotalsWanted): Totals {
  const places = new Map(owners.map((owner, index) => [owner, index]));
  const add = (into: Float64Array, owner: string, amount: number): void => {
    const place = places.get(owner);
    if (place !== undefined) into[place] = into[place]! + amount;
  };
  const column = () => new Float64Array(owners.length);
  const [won, run, started, amounts] = [column(), column(), column(), column()];
  const amountOf = (money: readonly Money[]) => money.reduce((all, one) => all + numberIn(one, currency, ratios), 0);
  for (const one of totals.won) add(won, one.ownerId ?? "", amountOf(one.amounts));
  for (const one of totals.run) add(run, one.ownerId ?? "", amountOf(one.amounts));
  for (const one of totals.closed) {
    add(started, one.ownerId ?? "", one.count);
    add(amounts, one.ownerId ?? "", amountOf(one.amounts));
  }
  for (const { owner, money, createdOn, stays } of known.deals) {
    if (createdOn < totals.startedFrom || stays.at(-1)!.until !== undefined) continue;
    add(started, owner, 1);
    if (money) add(amounts, owner, numberIn(money, currency, ratios));
  }
  return { won, run, started, amounts };
}

export interface TotalsWanted {
  readonly owners: readonly string[];
  readonly currency: string;
  readonly ratios: ReadonlyMap<string, number>;
}
