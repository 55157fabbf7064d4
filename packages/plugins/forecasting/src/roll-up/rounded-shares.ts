/** Shares of a converted figure by largest remainder, so that they can be told page by page. */
import { compareText, minorDigitsOf, type Ratio } from "@relata/core/plugin";
import { convertedUnits, ratioTo } from "./figure.ts";
import type { Tally } from "./tally.ts";

/** Of whom each is worth a minor unit more than it was cut down to: who has more left than `rest`, or as much and no later id. */
export interface Threshold extends Rest {
  readonly id: string;
}

/** What is left of a minor unit: `rest ÷ of`. */
export interface Rest {
  readonly rest: bigint;
  readonly of: bigint;
}

/** Whole minor units, cut down, and what is left. */
export interface Cut extends Rest {
  readonly whole: bigint;
}

export interface Conversions {
  cut(tally: Tally): Cut;
  total(tally: Tally): bigint;
}

/** @param currencies All that occur. */
export function conversionsInto(
  to: string,
  ratios: ReadonlyMap<string, Ratio>,
  currencies: Iterable<string>,
): Conversions {
  const factors = new Map([...currencies].map((currency) => [currency, factorOf(to, currency, ratios)]));
  let common = 1n;
  for (const { denominator } of factors.values())
    common = (common / greatestDivisor(common, denominator)) * denominator;
  return {
    cut(tally) {
      let scaled = 0n;
      for (const [currency, units] of tally) {
        const { numerator, denominator } = factors.get(currency)!;
        scaled += units * numerator * (common / denominator);
      }
      const rest = ((scaled % common) + common) % common;
      return { whole: (scaled - rest) / common, rest, of: common };
    },
    total: (tally) => convertedUnits(tally, to, ratios),
  };
}

/** From minor units to minor units. */
function factorOf(to: string, currency: string, ratios: ReadonlyMap<string, Ratio>): Ratio {
  const { numerator, denominator } = ratioTo(to, currency, ratios);
  const [up, down] = [10n ** BigInt(minorDigitsOf(to) ?? 2), 10n ** BigInt(minorDigitsOf(currency) ?? 2)];
  const [over, under] = [numerator * up, denominator * down];
  const by = greatestDivisor(over, under);
  return { numerator: over / by, denominator: under / by };
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x === 0n ? 1n : x;
}

/** Of what is left of each of one conversion. Undefined where nothing is left to share. */
export function thresholdOf(rests: readonly Threshold[], left: bigint): Threshold | undefined {
  if (left <= 0n) return undefined;
  const order = rests.toSorted((a, b) => (a.rest === b.rest ? compareText(a.id, b.id) : a.rest > b.rest ? -1 : 1));
  return order[Number(left) - 1];
}

/** Whether it is one of those that get one more. */
export function isAbove(threshold: Threshold | undefined, id: string, { rest, of }: Rest): boolean {
  if (threshold === undefined) return false;
  const [own, least] = [rest * threshold.of, threshold.rest * of];
  return own > least || (own === least && compareText(id, threshold.id) <= 0);
}
