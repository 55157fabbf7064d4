/** How exact parts become the figures of a judged forecast: all rates that it needs are asked for at once. */
import type { Money } from "@relata/core/plugin";
import type { AskedScope } from "../roll-up/ask-forecast.ts";
import { convertedUnits, type Figure, moneyByCurrency, moneyIn, numbers } from "../roll-up/figure.ts";
import { ratiosInto } from "../roll-up/figure-rule.ts";
import { type CategoryTallies, decimalOf, NUMBER, type Tally } from "../roll-up/tally.ts";
import type { AdjustmentRecord } from "./adjustment-input.ts";
import { tallyOfSaid } from "./standing.ts";

/** Figures of one kind: whole units, and what they are worth. */
export interface Units {
  unitsOf(tally: Tally): bigint;
  figureOf(units: bigint): Money | number;
}

export interface FigureMaker {
  readonly isConverted: boolean;
  finish(tally: Tally): Figure;
  /** Of what is in this currency; of the measure `count`, numbers. */
  partIn(currency: string): Units;
  /** Of all of it where it is converted, and else of what is in this currency. */
  allIn(currency: string): Units;
}

interface Made {
  readonly own: readonly CategoryTallies[];
  readonly records: readonly AdjustmentRecord[];
  readonly quotas: readonly { readonly amount: Money | null }[];
}

/** @throws `missing_rate`, naming all that are missing */
export async function figureMaker(
  { at, measure, convert }: Pick<AskedScope, "at" | "measure" | "convert">,
  made: Made,
): Promise<FigureMaker> {
  if (measure === "count") {
    const units = () => countUnits;
    return { isConverted: false, finish: numbers.finish, partIn: units, allIn: units };
  }
  if (!convert) return { isConverted: false, finish: moneyByCurrency.finish, partIn, allIn: partIn };
  const ratios = await ratiosInto(at, convert, currenciesOf(made));
  const { figureOf } = partIn(convert.in);
  const allIn = () => ({ unitsOf: (tally: Tally) => convertedUnits(tally, convert.in, ratios), figureOf });
  return { isConverted: true, finish: moneyIn(convert, ratios).finish, partIn, allIn };
}

const countUnits: Units = {
  unitsOf: (tally) => tally.get(NUMBER) ?? 0n,
  figureOf: (units) => numbers.finish(new Map([[NUMBER, units]])) as number,
};

function partIn(currency: string): Units {
  return {
    unitsOf: (tally) => tally.get(currency) ?? 0n,
    figureOf: (units) => ({ amount: decimalOf(units, currency), currency }),
  };
}

function currenciesOf({ own, records, quotas }: Made): ReadonlySet<string> {
  const currencies = new Set<string>();
  const add = (tally: Tally) => {
    for (const currency of tally.keys()) currencies.add(currency);
  };
  for (const tallies of own) Object.values(tallies).forEach(add);
  for (const { amount, number, beneath } of records) {
    add(tallyOfSaid({ amount, number }));
    if (typeof beneath !== "number") for (const { currency } of beneath) currencies.add(currency);
  }
  for (const { amount } of quotas) if (amount) currencies.add(amount.currency);
  return currencies;
}
