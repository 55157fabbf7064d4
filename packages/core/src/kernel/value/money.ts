/** Money: an exact decimal amount and an ISO 4217 currency, held as whole minor units. */
import { minorDigitsOf } from "./currency.ts";
import { alignedScale, divideRounded, exactScaled, fromScaled } from "./decimal.ts";

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

/** `money × factor ÷ divisor`, rounded once, half to even, to the minor unit. Factor and divisor are decimals ("2.5"). */
export function multiplyMoney(money: Money, factor: string, divisor = "1"): Money {
  const scale = alignedScale([factor, divisor]);
  const numerator = minorUnitsOf(money) * exactScaled(factor, scale);
  return moneyOf(divideRounded(numerator, exactScaled(divisor, scale)), money.currency);
}

/**
 * Shares an amount out by weights, by largest remainder: the shares add up to it exactly, and each is within one minor unit of
 * its exact value. Of equal remainders the first of the list gets the unit: who wants shares that do not depend on the order of a
 * list, sorts it. A negative amount is shared out like the positive one.
 *
 * @param weights decimals of at least 0 ("33.33"), of which one is greater.
 * @throws RangeError for other weights.
 */
export function shareOut(total: Money, weights: readonly string[]): readonly Money[] {
  const scale = alignedScale(weights);
  const parts = weights.map((weight) => exactScaled(weight, scale));
  const whole = parts.reduce((sum, part) => sum + part, 0n);
  if (whole <= 0n || parts.some((part) => part < 0n))
    throw new RangeError("An amount is shared out by weights of at least 0, of which one is greater.");
  const signed = minorUnitsOf(total);
  const minorUnits = signed < 0n ? -signed : signed;
  const shares = parts.map((part) => (minorUnits * part) / whole);
  const left = minorUnits - shares.reduce((sum, share) => sum + share, 0n);
  const byRemainder = parts
    .map((part, index) => ({ index, remainder: (minorUnits * part) % whole }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of byRemainder.slice(0, Number(left))) shares[index]! += 1n;
  return shares.map((share) => moneyOf(signed < 0n ? -share : share, total.currency));
}

function minorUnitsOf({ amount, currency }: Money): bigint {
  return exactScaled(amount, minorDigitsOf(currency) ?? 2);
}
