/** Figures in one currency: each part by the rate of its day, added up exactly, and rounded once. */

import type { Scope } from "../kernel.ts";
import type { Storable } from "../storage/storage-schema.ts";
import { type Ratio, sumConverted } from "../value/ratio.ts";
import { askForRates } from "./ask-providers.ts";
import type { Figure, FigureConversion } from "./figures.ts";
import type { Group } from "./load-groups.ts";
import { type MissingRate, missingRates } from "./missing-rates.ts";

/** The groups with one result for each converted figure: whole minor units, or null over no amounts. One question for all rates. */
export async function convertFigures(
  scope: Scope,
  figures: readonly Figure[],
  groups: readonly Group[],
): Promise<readonly Group[]> {
  const converted = figures.flatMap(({ conversion }, at) => (conversion ? [{ conversion, at }] : []));
  if (converted.length === 0) return groups;
  const parts = groups.map((group) => converted.map(({ conversion, at }) => partsOf(group.results[at]!, conversion)));
  const rates = await findRates(scope, parts.flat(2));
  return groups.map((group, i) => {
    const results = [...group.results];
    for (const [j, { conversion, at }] of converted.entries()) {
      const own = parts[i]![j]!.map((part) => ({ ...part, ratio: rates.get(nameOf(part))! }));
      results[at] = [own.length === 0 ? null : sumConverted(own, conversion.to, conversion.divisor)];
    }
    return { ...group, results };
  });
}

interface Part {
  readonly minorUnits: bigint;
  readonly currency: string;
  readonly to: string;
  readonly on: string | null;
}

/** Results are kept apart by currency and, where it is a field that says it, by day. */
function partsOf(results: Group["results"][number], { to, day }: FigureConversion): readonly Part[] {
  return [...(results as ReadonlyMap<string, readonly Storable[]>)].flatMap(([name, [sum]]) => {
    const [currency, own] = name.split(" ") as [string, string | undefined];
    return sum === null ? [] : [{ minorUnits: sum as bigint, currency, to, on: day ?? (own || null) }];
  });
}

/** What is in the wanted currency already needs neither a rate nor a day. */
async function findRates(scope: Scope, parts: readonly Part[]): Promise<ReadonlyMap<string, Ratio>> {
  const rates = new Map<string, Ratio>();
  const wanted = new Map<string, Part>();
  for (const part of parts) {
    if (part.currency === part.to) rates.set(nameOf(part), { numerator: 1n, denominator: 1n });
    else wanted.set(nameOf(part), part);
  }
  const dated = [...wanted.values()].flatMap(({ currency: from, to, on }) => (on === null ? [] : [{ from, to, on }]));
  const found = dated.length === 0 ? [] : await askForRates(scope, dated);
  for (const [i, { from, to, on }] of dated.entries()) {
    const ratio = found[i];
    if (ratio) rates.set(nameOf({ currency: from, to, on }), ratio);
  }
  const missing = [...wanted].flatMap(([name, { currency: from, to, on }]): MissingRate[] => {
    return rates.has(name) ? [] : [{ from, to, on }];
  });
  if (missing.length > 0) throw missingRates(missing);
  return rates;
}

function nameOf({ currency, to, on }: Pick<Part, "currency" | "to" | "on">): string {
  return `${currency} ${to} ${on}`;
}
