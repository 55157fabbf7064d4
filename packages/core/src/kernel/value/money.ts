/** Money: an exact decimal amount and an ISO 4217 currency, held as whole minor units. */
import { minorDigitsOf } from "./currency.ts";
import { fromScaled } from "./decimal.ts";

export interface Money {
  /** A decimal in plain notation; in records with all digits of the minor unit ("12500.00"). */
  readonly amount: string;
  /** An ISO 4217 code ("EUR"). */
  readonly currency: string;
}

/** So many minor units as money. */
export function moneyOf(minorUnits: bigint, currency: string): Money {
  return { amount: fromScaled(minorUnits, minorDigitsOf(currency) ?? 2), currency };
}
