/** One measure of a roll-up: what of an aggregate's rows it takes, how parts of it add up, and the value that results. */
import type { FieldDescription, Ratio } from "@relata/core/plugin";
import { CrmError, compareText, minorDigitsOf, sumConverted } from "@relata/core/plugin";
import type { Adding, Tally } from "./add-up.ts";
import { compareExact, type Exact, exactOf, plus, textAt, times, unitsAt } from "./exact.ts";
import type { FigureValue } from "./measures.ts";

/** A measure that is known to be possible. */
export interface Asked {
  readonly name: string;
  readonly fn: "count" | "sum" | "min" | "max" | "latest";
  /** Of what it is; the id, where records are counted. */
  readonly field: FieldDescription;
  readonly percent?: string | undefined;
  readonly in?: string | undefined;
  /** A day, or the name of the field that has it. */
  readonly on?: string | undefined;
  readonly by?: FieldDescription | undefined;
}

export interface Figure<P> extends Adding<P> {
  finish(tally: Tally<P> | undefined): FigureValue;
}

/** What one unit of a currency is worth, by currency and day. */
export type RateOf = (currency: string, day: string) => Ratio;

/** A value with what orders it: the first that differs decides. */
export interface Ranked {
  readonly value: FigureValue;
  readonly ranks: readonly Rank[];
}

type Rank = Exact | number | string | null;

export function sumFigure(asked: Asked, { rateOf, weighted }: { readonly rateOf: RateOf; readonly weighted: boolean }) {
  const figure: Figure<Exact> = {
    merge: plus,
    // A record is there or not, whoever owns how much of its account.
    weigh: weighted && asked.fn === "sum" ? times : undefined,
    finish: (tally) => sumOf(asked, tally ?? new Map(), rateOf),
  };
  return figure;
}

export function extremeFigure({ fn, field }: Asked): Figure<Ranked> {
  const sign = fn === "min" ? -1 : 1;
  return {
    merge: (a, b) => (compareRanks(a.ranks, b.ranks) * sign >= 0 ? a : b),
    finish: (tally) => {
      if (field.kind === "money") return currenciesOf(tally ?? new Map()).map(([, { value }]) => value) as never;
      return tally?.get("")?.value ?? null;
    },
  };
}

/** A value with its rank among values of its kind; nothing is ranked above everything, as in descending orders. */
export function rankOf(kind: FieldDescription["kind"], value: unknown): Rank {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.getTime();
  if (kind === "decimal") return exactOf(String(value));
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "object") return exactOf((value as { readonly amount: string }).amount);
  return String(value);
}

function compareRanks(a: readonly Rank[], b: readonly Rank[]): number {
  for (const [i, rank] of a.entries()) {
    const difference = compareRank(rank, b[i]!);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareRank(a: Rank, b: Rank): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === "string") return compareText(a, b as string);
  if (typeof a === "number") return a - (b as number);
  return compareExact(a, b as Exact);
}

/** Decimals beyond these digits, which only weights make, are rounded. */
const MOST_DIGITS = 24;

function sumOf({ fn, field, in: to, on }: Asked, tally: Tally<Exact>, rateOf: RateOf): FigureValue {
  if (field.kind === "money" && to !== undefined) return convertedSum(tally, { to, day: on!, rateOf });
  if (field.kind === "money" && fn !== "count")
    return currenciesOf(tally).map(([currency, sum]) => ({
      amount: textAt(sum, minorDigitsOf(currency) ?? 2),
      currency,
    }));
  const sum = tally.get("");
  if (fn === "count") return Number(sum?.units ?? 0n);
  if (!sum) return null;
  if (field.kind === "integer") return wholeNumber(field, unitsAt(sum, 0));
  const scale = Math.min(sum.scale, MOST_DIGITS);
  const { units, scale: shortest } = exactOf(textAt(sum, scale));
  return textAt({ units, scale: shortest }, shortest);
}

interface Conversion {
  readonly to: string;
  readonly day: string;
  readonly rateOf: RateOf;
}

/** Exact to the end, and then rounded once. The parts are named by currency and, where records have it, by day. */
function convertedSum(tally: Tally<Exact>, { to, day, rateOf }: Conversion): FigureValue {
  if (tally.size === 0) return null;
  const parts = [...tally].map(([name, sum]) => {
    const [currency, own] = name.split(" ") as [string, string | undefined];
    const digits = minorDigitsOf(currency) ?? 2;
    return { currency, digits, sum, ratio: rateOf(currency, own ?? day) };
  });
  const finer = parts.reduce((most, { sum, digits }) => Math.max(most, sum.scale - digits), 0);
  const exact = parts.map(({ currency, digits, sum, ratio }) => {
    return { minorUnits: unitsAt(sum, digits + finer), currency, ratio };
  });
  const digitsTo = minorDigitsOf(to) ?? 2;
  const units = sumConverted(exact, to, 10n ** BigInt(finer));
  return { amount: textAt({ units, scale: digitsTo }, digitsTo), currency: to };
}

function currenciesOf<P>(tally: Tally<P>): readonly (readonly [string, P])[] {
  return [...tally].sort(([a], [b]) => compareText(a, b));
}

function wholeNumber(field: FieldDescription, sum: bigint): number {
  const number = Number(sum);
  if (Number.isSafeInteger(number)) return number;
  throw new CrmError("sum_overflow", `The sum of ${field.name} is ${sum}, too large to be held exactly as a number.`, {
    details: { field: field.name, sum: sum.toString() },
  });
}
