/** How the parts of an asked measure become figures. The rates of a conversion are asked for all at once. */
import { missingRates, type Ratio } from "@relata/core/plugin";
import type { ForecastingContext } from "../parts.ts";
import type { AskedScope } from "./ask-forecast.ts";
import { type Conversion, type FigureRule, moneyByCurrency, moneyIn, numbers } from "./figure.ts";

/** @param currencies All that figures are made of. @throws `missing_rate`, naming all that are missing */
export async function figureRuleOf(
  { at, measure, convert }: Pick<AskedScope, "at" | "measure" | "convert">,
  currencies: Iterable<string>,
): Promise<FigureRule> {
  if (measure === "count") return numbers;
  return convert ? moneyIn(convert, await ratiosInto(at, convert, currencies)) : moneyByCurrency;
}

/** What one unit of each other currency is worth. */
export async function ratiosInto(
  at: ForecastingContext,
  { in: to, on }: Conversion,
  currencies: Iterable<string>,
): Promise<ReadonlyMap<string, Ratio>> {
  const wanted = [...new Set(currencies)].filter((from) => from !== to).map((from) => ({ from, to, on }));
  const found = wanted.length === 0 ? [] : await at.exchangeRates.ratios(wanted);
  const missing = wanted.filter((_, i) => found[i] === undefined);
  if (missing.length > 0) throw missingRates(missing);
  return new Map(wanted.map(({ from }, i) => [from, found[i]!]));
}
