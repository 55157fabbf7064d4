/** Figures for people to read. */
import type { Money } from "@relata/core/plugin";
import type { FigureValue } from "../roll-up/measures.ts";

/** Amounts exactly, with the code of their currency; several currencies one after another; empty for nothing. */
export function figureTexts(locale: string): (value: FigureValue) => string {
  const numbers = new Intl.NumberFormat(locale);
  const currencies = new Map<string, Intl.NumberFormat>();
  const money = ({ amount, currency }: Money) => {
    const digits = amount.includes(".") ? amount.length - 1 - amount.indexOf(".") : 0;
    const format = currencies.get(currency) ?? currencyFormat(locale, currency, digits);
    currencies.set(currency, format);
    // A decimal as text is formatted to its last digit.
    return format.format(amount as Intl.StringNumericLiteral);
  };
  return (value) => {
    if (value === null) return "";
    if (value instanceof Date) return `${value.toISOString().slice(0, 16).replace("T", " ")} UTC`;
    if (typeof value === "number") return numbers.format(value);
    if (typeof value !== "object") return String(value);
    return "amount" in value ? money(value) : value.map(money).join(", ");
  };
}

function currencyFormat(locale: string, currency: string, digits: number): Intl.NumberFormat {
  return new Intl.NumberFormat(locale, {
    ...{ style: "currency", currency, currencyDisplay: "code" },
    ...{ minimumFractionDigits: digits, maximumFractionDigits: digits },
  });
}
