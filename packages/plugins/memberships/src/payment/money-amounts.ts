/** Amounts of one currency, compared and taken off each other: exact. */
import { addMoney, type Money, multiplyMoney } from "@relata/core/plugin";

export function noMoney(currency: string): Money {
  return multiplyMoney({ amount: "0", currency }, "1");
}

/** `a` less `b`. */
export function subtractMoney(a: Money, b: Money): Money {
  return addMoney(a, multiplyMoney(b, "-1"));
}

export function sumMoney(currency: string, all: readonly Money[]): Money {
  return all.reduce(addMoney, noMoney(currency));
}

export function isNegative({ amount }: Money): boolean {
  return amount.startsWith("-") && /[1-9]/.test(amount);
}

export function isNothing({ amount }: Money): boolean {
  return !/[1-9]/.test(amount);
}

export function isLess(a: Money, b: Money): boolean {
  return isNegative(subtractMoney(a, b));
}

/** The part of an amount for some of its days, to the minor unit, half to even. */
export function moneyForDays(money: Money, days: number, of: number): Money {
  return days >= of ? multiplyMoney(money, "1") : multiplyMoney(money, String(days), String(of));
}
