/** Money: an exact decimal amount and an ISO 4217 currency, held as whole minor units. */
import { minorDigitsOf } from "./currency.ts";
import { exactScaled, fromScaled } from "./decimal.ts";

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

/** The sum of two amounts of one currency. @throws RangeError for two currencies. */
export function addMoney(a: Money, b: Money): Money {
  if (a.currency !== b.currency) throw new RangeError(`${a.currency} and ${b.currency} do not add up.`);
  return moneyOf(minorUnitsOf(a) + minorUnitsOf(b), a.currency);
}

/** @throws RangeError for what is no money. */
export function minorUnitsOf({ amount, currency }: Money): bigint {
  return exactScaled(amount, minorDigitsOf(currency) ?? 2);
}
