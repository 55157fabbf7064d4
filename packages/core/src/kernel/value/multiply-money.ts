/** Products and quotients of money. */
import { alignedScale, exactScaled } from "./decimal.ts";
import { divideRounded } from "./divide-rounded.ts";
import { type Money, minorUnitsOf, moneyOf } from "./money.ts";

/** `money × factor ÷ divisor`, rounded once, half to even, to the minor unit. Factor and divisor are decimals ("2.5"). */
export function multiplyMoney(money: Money, factor: string, divisor = "1"): Money {
  const scale = alignedScale([factor, divisor]);
  const numerator = minorUnitsOf(money) * exactScaled(factor, scale);
  return moneyOf(divideRounded(numerator, exactScaled(divisor, scale)), money.currency);
}
