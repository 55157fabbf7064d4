/** Rates as plain numbers: what is computed from them is an estimate, and rounded at its end. */
import type { ForecastingContext } from "../parts.ts";
import type { Conversion } from "../roll-up/figure.ts";
import { ratiosInto } from "../roll-up/figure-rule.ts";

/** What one unit of each currency is worth. @throws `missing_rate` */
export async function numbersInto(
  at: ForecastingContext,
  conversion: Conversion,
  currencies: Iterable<string>,
): Promise<ReadonlyMap<string, number>> {
  const ratios = await ratiosInto(at, conversion, currencies);
  return new Map(
    [...ratios].map(([currency, { numerator, denominator }]) => [currency, Number(numerator) / Number(denominator)]),
  );
}
