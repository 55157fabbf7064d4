/** What figures are made of, exact: whole minor units by currency; of numbers, millionths under an empty name. */
import { minorDigitsOf } from "@relata/core/plugin";
import { type ForecastCategory, type ForecastMethod, forecastCategories } from "../category/category.ts";

export type Tally = ReadonlyMap<string, bigint>;

/** The name under which numbers stand. */
export const NUMBER = "";
/** An opportunity counts one; of a split it is its percents, which have four digits. */
export const ONE = 1_000_000n;

export const nothing: Tally = new Map();

/** What is of each category alone. */
export type CategoryTallies = Readonly<Record<ForecastCategory, Tally>>;

export function addTallies(a: Tally, b: Tally): Tally {
  if (a.size === 0) return b;
  if (b.size === 0) return a;
  const sum = new Map(a);
  for (const [name, units] of b) sum.set(name, (sum.get(name) ?? 0n) + units);
  return sum;
}

export function subtractTallies(a: Tally, b: Tally): Tally {
  const difference = new Map(a);
  for (const [name, units] of b) difference.set(name, (difference.get(name) ?? 0n) - units);
  return difference;
}

/** Which categories a figure adds up. Of `pipeline` they are all that is open. */
export function categoriesBehind(method: ForecastMethod, category: ForecastCategory): readonly ForecastCategory[] {
  if (method === "single") return [category];
  if (category === "pipeline") return forecastCategories.filter((each) => each !== "closed");
  return forecastCategories.slice(forecastCategories.indexOf(category));
}

/** By the method, of what is of each category alone. */
export function byMethod(method: ForecastMethod, own: CategoryTallies): CategoryTallies {
  if (method === "single") return own;
  const figures = forecastCategories.map((category) => {
    const parts = categoriesBehind(method, category).map((each) => own[each]);
    return [category, parts.reduce(addTallies, nothing)] as const;
  });
  return Object.fromEntries(figures) as CategoryTallies;
}

/** A decimal with exactly the digits of the currency's minor unit. */
export function decimalOf(units: bigint, currency: string): string {
  return scaledText(units, minorDigitsOf(currency) ?? 2);
}

/** The whole minor units of a decimal with no more digits than the currency has. */
export function unitsOf(decimal: string, currency: string): bigint {
  return scaledUnits(decimal, minorDigitsOf(currency) ?? 2);
}

/** `units × 10^-scale` with exactly `scale` digits after the point. */
export function scaledText(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const point = digits.length - scale;
  return `${units < 0n ? "-" : ""}${digits.slice(0, point)}${scale === 0 ? "" : `.${digits.slice(point)}`}`;
}

/** Of a decimal in plain notation with at most `scale` digits after the point that are no zeros. */
export function scaledUnits(decimal: string, scale: number): bigint {
  const [whole = "0", decimals = ""] = decimal.split(".");
  return BigInt(whole + decimals.slice(0, scale).padEnd(scale, "0"));
}
