/** Amounts added up apart by their currencies. */
import { addMoney, compareText, type Money } from "@relata/core/plugin";

/** In the order of their codes; none of nothing. */
export function addByCurrency(amounts: readonly Money[]): readonly Money[] {
  const sums = new Map<string, Money>();
  for (const amount of amounts) {
    const sum = sums.get(amount.currency);
    sums.set(amount.currency, sum ? addMoney(sum, amount) : amount);
  }
  return [...sums.values()].sort((a, b) => compareText(a.currency, b.currency));
}
