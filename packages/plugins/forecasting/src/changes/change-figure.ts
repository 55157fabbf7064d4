/** What figures are told as. */
import { type Money, minorDigitsOf } from "@relata/core/plugin";

/** A number, one amount where it is converted, else one for each currency present, by its code. */
export type ChangeFigure = number | Money | readonly Money[];

interface Told {
  readonly measure: "money" | "number";
  readonly in: string | undefined;
}

/** By currency; under "" what is a number, or converted. */
export function figureOf(sums: ReadonlyMap<string, bigint>, { measure, in: currency }: Told): ChangeFigure {
  if (measure === "number") return Number(sums.get("") ?? 0n);
  if (currency !== undefined) return moneyOf(sums.get("") ?? 0n, currency);
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, units]) => moneyOf(units, code));
}

/** So many minor units. */
export function moneyOf(minorUnits: bigint, currency: string): Money {
  const digits = minorDigitsOf(currency) ?? 2;
  const text = String(minorUnits < 0n ? -minorUnits : minorUnits).padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits);
  return {
    amount: `${minorUnits < 0n ? "-" : ""}${whole}${digits === 0 ? "" : `.${text.slice(-digits)}`}`,
    currency,
  };
}

/** In a record an amount has all digits of its currency. */
export function minorUnitsOf({ amount }: Money): bigint {
  return BigInt(amount.replace(".", ""));
}
