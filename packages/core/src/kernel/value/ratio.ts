/** Exchange rates as exact fractions, and what they make of money: nothing is rounded before the end. */
import { minorDigitsOf } from "./currency.ts";
import { toScaled, toScaledUnbounded } from "./decimal.ts";
import { type Money, minorUnitsOf, moneyOf } from "./money.ts";

/** So many units of one currency for one of another. Both are whole, and the denominator is positive. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

const RATE_SCALE = 24;

/** A decimal in plain notation ("1.0835") as a fraction. */
export function ratioOf(decimal: string): Ratio {
  const numerator = toScaledUnbounded(decimal, RATE_SCALE);
  if (typeof numerator !== "bigint") throw new RangeError(`"${decimal}" is no decimal.`);
  return { numerator, denominator: 10n ** BigInt(RATE_SCALE) };
}

/** The way back: exact, where a decimal would have to be rounded. Not of nothing. */
export function inverseOf({ numerator, denominator }: Ratio): Ratio {
  return { numerator: denominator, denominator: numerator };
}

/** One rate after another. */
export function timesRatio(a: Ratio, b: Ratio): Ratio {
  return { numerator: a.numerator * b.numerator, denominator: a.denominator * b.denominator };
}

/** An amount, as many minor units, in one currency, and its rate. */
export interface ConvertedPart {
  readonly minorUnits: bigint;
  readonly currency: string;
  /** Units of the wanted currency for one unit of `currency`. */
  readonly ratio: Ratio;
}

/** The sum of all parts in the minor unit of `to`: exact, divided by `divisor`, and rounded once, half to even. */
export function sumConverted(parts: readonly ConvertedPart[], to: string, divisor = 1n): bigint {
  const digitsTo = minorDigitsOf(to) ?? 2;
  // Rates share few denominators: those that are alike add up before fractions are brought together.
  const byDenominator = new Map<bigint, bigint>();
  for (const { minorUnits, currency, ratio } of parts) {
    const denominator = ratio.denominator * 10n ** BigInt(minorDigitsOf(currency) ?? 2);
    byDenominator.set(denominator, (byDenominator.get(denominator) ?? 0n) + minorUnits * ratio.numerator);
  }
  let sum: Ratio = { numerator: 0n, denominator: 1n };
  for (const [denominator, numerator] of byDenominator) {
    sum = {
      numerator: sum.numerator * denominator + numerator * sum.denominator,
      denominator: sum.denominator * denominator,
    };
  }
  return roundHalfEven(sum.numerator * 10n ** BigInt(digitsTo), sum.denominator * divisor);
}

/** Of whole numbers with thousands of digits, as a year of daily rates makes them: decimals would be cut off before the tie is seen. */
function roundHalfEven(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const [size, by] = [numerator < 0n ? -numerator : numerator, denominator < 0n ? -denominator : denominator];
  const whole = size / by;
  const twice = (size % by) * 2n;
  const rounded = twice > by || (twice === by && whole % 2n === 1n) ? whole + 1n : whole;
  return negative ? -rounded : rounded;
}

/** Money in another currency, exact and rounded once to its minor unit, half to even. */
export function convertMoney({ amount, currency }: Money, ratio: Ratio, to: string): Money {
  return moneyOf(sumConverted([{ minorUnits: minorUnitsOf({ amount, currency }), currency, ratio }], to), to);
}

/** Whether it is an amount with no more digits than its currency has, within what can be stored. */
export function isMoney({ amount, currency }: Money): boolean {
  const digits = minorDigitsOf(currency);
  return digits !== undefined && typeof toScaled(amount, digits) === "bigint";
}
