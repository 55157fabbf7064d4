/** Figures for people to read, and for a chart to draw. */
import { type Money, minorDigitsOf } from "@relata/core/plugin";

/** A figure of a forecast: money by currency, money in one currency, or a number. */
export type DrawnFigure = readonly Money[] | Money | number;

/** The unit of plain numbers. */
const NO_UNIT = "";

/** By unit: a currency's code, or `NO_UNIT`. As floating point numbers: for a chart, not for adding up. */
export function amountsOf(figure: DrawnFigure): ReadonlyMap<string, number> {
  if (typeof figure === "number") return new Map([[NO_UNIT, figure]]);
  return new Map(moneysOf(figure).map(({ amount, currency }) => [currency, Number(amount)]));
}

/** All units of some figures, in order. */
export function unitsOf(figures: Iterable<DrawnFigure>): readonly string[] {
  const units = new Set<string>();
  for (const figure of figures) {
    if (typeof figure === "number") units.add(NO_UNIT);
    else for (const { currency } of moneysOf(figure)) units.add(currency);
  }
  return [...units].sort();
}

export function isNothing(figure: DrawnFigure): boolean {
  return [...amountsOf(figure).values()].every((amount) => amount === 0);
}

export interface FigureWriter {
  /** Exactly, to the last digit; several currencies one after another. What is nothing is the zero of its unit. */
  write(figure: DrawnFigure): string;
  /** With a sign, also where it is more. */
  writeChange(figure: DrawnFigure): string;
  /** The currency, where it is said once above all and not beside each amount; else `NO_UNIT`. */
  readonly unit: string;
}

/** For figures that have these units: the code of a currency stands beside each amount only where there are several. */
export function figureWriter(locale: string, units: readonly string[]): FigureWriter {
  const [unit, second] = units;
  const formats = new Map<string, Intl.NumberFormat>();
  const money = ({ amount, currency }: Money, sign: Sign) => {
    const digits = amount.includes(".") ? amount.length - 1 - amount.indexOf(".") : 0;
    const key = `${currency} ${digits} ${sign}`;
    let format = formats.get(key);
    if (!format) {
      const style =
        second === undefined ? {} : { style: "currency" as const, currency, currencyDisplay: "code" as const };
      const fraction = { minimumFractionDigits: digits, maximumFractionDigits: digits };
      format = new Intl.NumberFormat(locale, { ...style, ...fraction, signDisplay: sign });
      formats.set(key, format);
    }
    // A decimal as text is formatted to its last digit.
    return format.format(amount as Intl.StringNumericLiteral);
  };
  const plain = { auto: numberFormat(locale, "auto"), exceptZero: numberFormat(locale, "exceptZero") };
  const write = (figure: DrawnFigure, sign: Sign) => {
    if (typeof figure === "number") return plain[sign].format(figure);
    const moneys = moneysOf(figure);
    if (moneys.length > 0) return moneys.map((each) => money(each, sign)).join(", ");
    return unit && second === undefined ? money({ amount: zeroOf(unit), currency: unit }, sign) : plain[sign].format(0);
  };
  return {
    write: (figure) => write(figure, "auto"),
    writeChange: (figure) => write(figure, "exceptZero"),
    unit: second === undefined ? (unit ?? NO_UNIT) : NO_UNIT,
  };
}

/** "0.00" */
function zeroOf(currency: string): string {
  const digits = minorDigitsOf(currency) ?? 2;
  return digits === 0 ? "0" : `0.${"0".repeat(digits)}`;
}

type Sign = "auto" | "exceptZero";

function numberFormat(locale: string, signDisplay: Sign): Intl.NumberFormat {
  return new Intl.NumberFormat(locale, { signDisplay, maximumFractionDigits: 6 });
}

function moneysOf(figure: readonly Money[] | Money): readonly Money[] {
  return Array.isArray(figure) ? figure : [figure as Money];
}
