/** Sums over the deals of each owner: what was won, and what came in. */
import type { CredibilityGroup } from "./credibility.ts";
import { type Deal, startedOn, wonOn } from "./deal-history.ts";

/** Days, both included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What each owner won from one day to another. */
export function wonAmounts(deals: Iterable<Deal>, owners: ReadonlyMap<string, number>, { from, to }: Span) {
  const won = new Float64Array(owners.size);
  for (const deal of deals) {
    const day = wonOn(deal, to);
    const owner = owners.get(deal.owner);
    if (day !== undefined && day >= from && owner !== undefined) won[owner] = won[owner]! + deal.amount;
  }
  return won;
}

/** What each owner won in a span, for the rate of a day: the chance part of a compound Poisson sum is its sum of squares. */
export function wonGroups(
  deals: Iterable<Deal>,
  owners: ReadonlyMap<string, number>,
  span: Span,
): readonly CredibilityGroup[] {
  const { from, to } = span;
  const sums = wonAmounts(deals, owners, span);
  const squares = new Float64Array(owners.size);
  for (const deal of deals) {
    const day = wonOn(deal, to);
    const owner = owners.get(deal.owner);
    if (day !== undefined && day >= from && owner !== undefined) squares[owner] = squares[owner]! + deal.amount ** 2;
  }
  const exposure = Math.max(1, to - from + 1);
  return Array.from(sums, (sum, owner) => ({ sum, exposure, variance: squares[owner]! }));
}

/** How many deals of each owner started in a span, and what they are worth. */
export function startedGroups(deals: Iterable<Deal>, owners: ReadonlyMap<string, number>, { from, to }: Span) {
  const counts = new Float64Array(owners.size);
  const sums = new Float64Array(owners.size);
  const squares = new Float64Array(owners.size);
  for (const deal of deals) {
    const day = startedOn(deal);
    const owner = owners.get(deal.owner);
    if (day < from || day > to || owner === undefined) continue;
    counts[owner] = counts[owner]! + 1;
    sums[owner] = sums[owner]! + deal.amount;
    squares[owner] = squares[owner]! + deal.amount ** 2;
  }
  const exposure = Math.max(1, to - from + 1);
  const arrivals = Array.from(counts, (count) => ({ sum: count, exposure, variance: count }));
  const amounts = Array.from(counts, (count, owner) => {
    const sum = sums[owner]!;
    const variance = count > 1 ? ((squares[owner]! - sum ** 2 / count) * count) / (count - 1) : 0;
    return { sum, exposure: count, variance: Math.max(0, variance) };
  });
  return { arrivals, amounts };
}
