/** The rule by which a rate is found, for any number of pairs and days at once. */

import type { WantedRate } from "../../kernel/plugin/provided.ts";
import { max } from "../../kernel/repository/aggregate.ts";
import { inverseOf, type Ratio, ratioOf, timesRatio } from "../../kernel/value/ratio.ts";
import type { DomainContext } from "../domain-model.ts";
import { currentSettings } from "../settings/tenant-settings.ts";

/**
 * For each of what is wanted: the newest rate on or before the day, of either direction (of the same day, the direct one); where there
 * is none, by way of the tenant's reporting currency, by the same rule for both steps; undefined where that fails too. Three queries,
 * whatever is wanted.
 */
export async function findRates(
  context: DomainContext,
  wanted: readonly WantedRate[],
): Promise<readonly (Ratio | undefined)[]> {
  const foreign = wanted.filter(({ from, to }) => from !== to);
  if (foreign.length === 0) return wanted.map(() => SAME);
  const { reportingCurrency } = await currentSettings(context);
  const currencies = new Set(foreign.flatMap(({ from, to }) => [from, to]));
  if (reportingCurrency !== null) currencies.add(reportingCurrency);
  const days = foreign.map(({ on }) => on).sort();
  const rates = await loadRates(context, [...currencies], [days[0]!, days.at(-1)!]);
  return wanted.map(({ from, to, on }) => {
    if (from === to) return SAME;
    const found = rates.between(from, to, on);
    if (found || reportingCurrency === null) return found;
    const there = rates.between(from, reportingCurrency, on);
    const back = rates.between(reportingCurrency, to, on);
    return there && back && timesRatio(there, back);
  });
}

const SAME: Ratio = { numerator: 1n, denominator: 1n };

interface DatedRate {
  readonly day: string;
  readonly rate: string;
}

/** All rates between these currencies that may hold on one of these days: those of the days, and the last one before them. */
async function loadRates(
  context: DomainContext,
  currencies: readonly string[],
  [first, last]: readonly [string, string],
) {
  const among = { baseCurrency: { in: currencies }, quoteCurrency: { in: currencies } };
  const pair = { base: "baseCurrency", quote: "quoteCurrency" } as const;
  const before = await context.exchangeRates.aggregate({
    where: { ...among, day: { lte: first } },
    groupBy: pair,
    measures: { day: max("day") },
  });
  const starts = before.map(({ base, quote, day }) => ({ baseCurrency: base, quoteCurrency: quote, day: day! }));
  // A group for each rate: they come in one answer, where a list would come in pages.
  const rates = await context.exchangeRates.aggregate({
    where: { ...among, or: [{ day: { gt: first, lte: last } }, ...starts] },
    groupBy: { ...pair, day: "day" },
    measures: { rate: max("rate") },
    orderBy: [{ day: "asc" }],
  });
  const byPair = new Map<string, DatedRate[]>();
  for (const { base, quote, day, rate } of rates) {
    const list = byPair.get(base + quote) ?? [];
    list.push({ day, rate: rate! });
    byPair.set(base + quote, list);
  }
  const newest = (base: string, quote: string, on: string) =>
    byPair.get(base + quote)?.findLast(({ day }) => day <= on);
  return {
    between(from: string, to: string, on: string): Ratio | undefined {
      if (from === to) return SAME;
      const direct = newest(from, to, on);
      const opposite = newest(to, from, on);
      if (direct && (!opposite || direct.day >= opposite.day)) return ratioOf(direct.rate);
      return opposite && inverseOf(ratioOf(opposite.rate));
    },
  };
}
