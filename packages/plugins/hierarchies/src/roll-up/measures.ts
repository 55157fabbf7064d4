/** The measures of a roll-up: those of aggregates that add up from below, and `latest`. */
import type { Core, Crm } from "@relata/core";
import type { Measure, Money, RecordOf } from "@relata/core/plugin";

/** What one of the records says that comes last. */
export interface LatestMeasure<K extends string = string, B extends string = string> {
  readonly fn: "latest";
  readonly field: K;
  readonly by: B;
}

/** `count()`, `sum(…)`, `min(…)`, `max(…)` and `latest(…)`. It says no more, so that what they are given decides their types. */
export interface RollUpMeasure {
  readonly fn: "count" | "sum" | "min" | "max" | "latest";
}

export type RollUpMeasures = { readonly [name: string]: RollUpMeasure };

/**
 * The value of `field` in the record whose `by`, a day, an instant or a number, is the latest; of several such records, the greatest value.
 * Records without a `by` are passed over. `latest("id", …)` names the record itself; one day or instant alone is a `max`.
 */
export function latest<const K extends string, const B extends string>(
  field: K,
  { by }: { readonly by: B },
): LatestMeasure<K, B> {
  return { fn: "latest", field, by };
}

/** What a figure can be, by the kind of the field that it is of. */
export type FigureValue = number | string | boolean | Date | Money | readonly Money[] | null;

/**
 * The figures of some measures, by their names. Of fields of core their types are known; a field of a plugin or of the application may have
 * any. Money is a list with an amount for each currency, or one amount where the measure says `in`; null stands for no values.
 */
export type Figures<Ms, E extends string = string> = {
  readonly [K in keyof Ms]: FigureOf<Ms[K], RecordOf<Crm<Core>, E>>;
};

type FigureOf<X, R> = X extends { readonly fn: "count" }
  ? number
  : X extends LatestMeasure<infer K>
    ? ValueIn<R, K, R[K & keyof R] | null>
    : X extends Measure<string, infer K, string, infer D>
      ? [D] extends [never]
        ? ValueIn<R, K, PerCurrency<NonNullable<R[K & keyof R]>>>
        : Money | null
      : never;

/** What a field of core has, or else anything. */
type ValueIn<R, K, V> = R extends { readonly id: string } ? (K extends keyof R ? V : FigureValue) : FigureValue;
type PerCurrency<V> = V extends Money ? readonly Money[] : V | null;
