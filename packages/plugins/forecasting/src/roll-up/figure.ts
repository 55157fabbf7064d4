/** What a figure of a forecast is: money by currency, money in one currency, or a number. */
import { compareText, type Money, type Ratio, sumConverted } from "@relata/core/plugin";
import { addTallies, decimalOf, NUMBER, scaledText, type Tally, unitsOf } from "./tally.ts";

/**
 * Of a measure of money: one amount for each currency present, by code; or one amount where it is converted. Of `count` a number, which splits
 * share by their percents, so that it may have up to six digits after the point.
 */
export type Figure = readonly Money[] | Money | number;

/** In which currency, and by the rates of which day. */
export interface Conversion {
  readonly in: string;
  readonly on: string;
}

/** How exact parts become a figure, and the other way round. */
export interface FigureRule {
  finish(tally: Tally): Figure;
  /** Of a figure of this kind, as an adjustment or a quota is one. */
  tallyOf(figure: Figure | Money): Tally;
}

export const numbers: FigureRule = {
  finish: (tally) => numberOf(tally.get(NUMBER) ?? 0n),
  tallyOf: (figure) => new Map([[NUMBER, BigInt(Math.round((figure as number) * 1_000_000))]]),
};

export const moneyByCurrency: FigureRule = { finish: moneysOf, tallyOf };

/** Each currency is converted exactly, and the sum rounded once, half to even. */
export function moneyIn({ in: to }: Conversion, ratios: ReadonlyMap<string, Ratio>): FigureRule {
  return { finish: (tally) => ({ amount: decimalOf(convertedUnits(tally, to, ratios), to), currency: to }), tallyOf };
}

export function convertedUnits(tally: Tally, to: string, ratios: ReadonlyMap<string, Ratio>): bigint {
  const parts = [...tally].map(([currency, minorUnits]) => ({
    minorUnits,
    currency,
    ratio: ratioTo(to, currency, ratios),
  }));
  return sumConverted(parts, to);
}

const SAME: Ratio = { numerator: 1n, denominator: 1n };

export function ratioTo(to: string, currency: string, ratios: ReadonlyMap<string, Ratio>): Ratio {
  return currency === to ? SAME : ratios.get(currency)!;
}

/** The sum of two figures of one kind. */
export function add(a: Figure, b: Figure): Figure {
  if (typeof a === "number" || typeof b === "number")
    return numberOf(millionthsOf(a as number) + millionthsOf(b as number));
  const sum = addTallies(tallyOf(a), tallyOf(b));
  if (isList(a) || isList(b)) return moneysOf(sum);
  if (sum.size > 1) throw new RangeError(`${a.currency} and ${b.currency} do not add up.`);
  return { amount: decimalOf(sum.get(a.currency)!, a.currency), currency: a.currency };
}

export function isZero(figure: Figure): boolean {
  if (typeof figure === "number") return figure === 0;
  return listOf(figure).every(({ amount, currency }) => unitsOf(amount, currency) === 0n);
}

function tallyOf(figure: Figure): Tally {
  const tally = new Map<string, bigint>();
  for (const { amount, currency } of listOf(figure as readonly Money[] | Money))
    tally.set(currency, (tally.get(currency) ?? 0n) + unitsOf(amount, currency));
  return tally;
}

function moneysOf(tally: Tally): readonly Money[] {
  return [...tally]
    .sort(([a], [b]) => compareText(a, b))
    .map(([currency, units]) => ({ amount: decimalOf(units, currency), currency }));
}

function listOf(figure: readonly Money[] | Money): readonly Money[] {
  return isList(figure) ? figure : [figure];
}

function isList(figure: readonly Money[] | Money): figure is readonly Money[] {
  return Array.isArray(figure);
}

function millionthsOf(number: number): bigint {
  return BigInt(Math.round(number * 1_000_000));
}

function numberOf(millionths: bigint): number {
  return Number(scaledText(millionths, 6));
}
