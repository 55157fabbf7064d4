/** What amounts of several currencies are worth in one, at both ends of a comparison: as whole numbers, so that nothing is rounded. */
import { minorDigitsOf, missingRates, type Ratio } from "@relata/core/plugin";
import type { AskedScope } from "../roll-up/ask-forecast.ts";
import type { Worth } from "./attribute-change.ts";
import type { Standings } from "./read-standings.ts";

export interface CommonWorth extends Worth {
  /** So many are one minor unit of the currency that all is converted to. */
  readonly divisor: bigint;
}

/** The scope as of one end, what counts there, and the day of its rates. */
export interface ConvertedEnd {
  readonly asked: AskedScope;
  readonly standings: Standings;
  readonly on: string;
}

/**
 * The rates of each end are those known at its instant. A currency that nothing counts in at the first instant needs no rate there:
 * where it has none, it is worth what it is at the second one. @throws `missing_rate`, naming all that are missing
 */
export async function readWorth(to: string, first: ConvertedEnd, last: ConvertedEnd): Promise<CommonWorth> {
  const [needed, neededLast] = [currenciesOf(first), currenciesOf(last)];
  const all = [...new Set([...needed, ...neededLast])].sort();
  const ratiosAt = async ({ asked, on }: ConvertedEnd) =>
    asked.at.exchangeRates.ratios(all.map((from) => ({ from, to, on })));
  const [before, after] = [await ratiosAt(first), await ratiosAt(last)];
  const missing = all.flatMap((from, i) => [
    ...(needed.has(from) && !before[i] ? [{ from, to, on: first.on }] : []),
    ...(neededLast.has(from) && !after[i] ? [{ from, to, on: last.on }] : []),
  ]);
  if (missing.length > 0) throw missingRates(missing);
  const ratios = all.map((_, i) => [before[i] ?? after[i]!, after[i] ?? before[i]!] as const);
  const fractions = ratios.map((pair, i) => pair.map((ratio) => ofMinorUnits(ratio, all[i]!, to)));
  const divisor = fractions.flat().reduce((common, { denominator }) => leastCommon(common, denominator), 1n);
  const worth = new Map(
    all.map((currency, i) => [
      currency,
      fractions[i]!.map(({ numerator, denominator }) => numerator * (divisor / denominator)),
    ]),
  );
  return {
    divisor,
    from: (currency) => worth.get(currency)?.[0] ?? 0n,
    to: (currency) => worth.get(currency)?.[1] ?? 0n,
  };
}

function currenciesOf({ standings }: ConvertedEnd): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { currency, credited } of standings.values()) if (credited !== 0n) found.add(currency);
  return found;
}

/** Minor units of `to` for one of `currency`, in lowest terms. */
function ofMinorUnits({ numerator, denominator }: Ratio, currency: string, to: string): Ratio {
  const up = numerator * 10n ** BigInt(minorDigitsOf(to) ?? 2);
  const down = denominator * 10n ** BigInt(minorDigitsOf(currency) ?? 2);
  const common = greatestCommon(up, down);
  return { numerator: up / common, denominator: down / common };
}

function leastCommon(a: bigint, b: bigint): bigint {
  return (a / greatestCommon(a, b)) * b;
}

function greatestCommon(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}
