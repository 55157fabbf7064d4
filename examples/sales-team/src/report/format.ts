/** Figures as a person reads them. */
import type { Money } from "@relata/core";

const numbers = new Intl.NumberFormat("en-US");
const oneDigit = new Intl.NumberFormat("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

export function formatCount(count: number): string {
  return numbers.format(count);
}

/** "USD 10,005,534", one for each currency; cents only where there are any. */
export function formatMoney(amounts: readonly Money[]): string {
  if (amounts.length === 0) return "0";
  return amounts.map(({ amount, currency }) => `${currency} ${numbers.format(amount as `${number}`)}`).join(" + ");
}

/** "63.2 %" of the base; "–" of none. */
export function formatShare(part: number, base: number): string {
  return base === 0 ? "–" : `${oneDigit.format((100 * part) / base)} %`;
}

/** A mean, to one digit; "–" where there is none. */
export function formatMean(mean: string | null): string {
  return mean === null ? "–" : oneDigit.format(mean as `${number}`);
}
