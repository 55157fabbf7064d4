/** The rates that the sums of a roll-up are converted by, asked for all at once. */
import { type MissingRate, missingRates, type Ratio } from "@relata/core/plugin";
import type { HierarchiesContext } from "../parts.ts";
import type { Asked, RateOf } from "./figure.ts";
import { sumsOf } from "./own-figures.ts";
import type { Read } from "./read-figures.ts";

const SAME: Ratio = { numerator: 1n, denominator: 1n };

interface WantedRate {
  readonly from: string;
  readonly to: string;
  /** Empty where a record has none. */
  readonly on: string;
}

/** By the currency that is wanted, of each rate by currency and day. @throws `missing_rate`, naming all that are missing */
export async function readRates(
  context: HierarchiesContext,
  measures: readonly Asked[],
  reads: readonly Read[],
): Promise<(to: string | undefined) => RateOf> {
  const wanted = new Map<string, WantedRate>();
  for (const asked of measures) {
    if (asked.in === undefined) continue;
    for (const read of reads) {
      for (const rate of foreignParts(asked, read)) wanted.set(nameOf(rate), rate);
    }
  }
  const dated = [...wanted.values()].filter(({ on }) => on !== "");
  const found = dated.length === 0 ? [] : await context.exchangeRates.ratios(dated);
  const ratios = new Map(dated.flatMap((rate, i) => (found[i] ? [[nameOf(rate), found[i]] as const] : [])));
  const missing = [...wanted].flatMap(([name, { from, to, on }]): MissingRate[] => {
    return ratios.has(name) ? [] : [{ from, to, on: on === "" ? null : on }];
  });
  if (missing.length > 0) throw missingRates(missing);
  return (to) => (from, on) => (from === to ? SAME : ratios.get(nameOf({ from, to: to!, on }))!);
}

/** What is in the wanted currency already needs neither a rate nor a day. */
function foreignParts(asked: Asked, { sums }: Read): readonly WantedRate[] {
  const parts = [...sumsOf(sums, asked).values()].flatMap((tally) => [...tally.keys()]);
  return [...new Set(parts)].flatMap((name) => {
    const [from, own] = name.split(" ") as [string, string | undefined];
    return from === asked.in ? [] : [{ from, to: asked.in!, on: own ?? asked.on! }];
  });
}

function nameOf({ from, to, on }: WantedRate): string {
  return `${from} ${to} ${on}`;
}
