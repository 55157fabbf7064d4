/** The types of `aggregate`: named group keys, named measures, and the rows that they yield. */
import type { AnyModel, At, EntityName, Expand, FieldsOf, ToOne, ValueOf } from "../entity/model.ts";
import type { FiscalBucket } from "../plugin/provided.ts";
import type { Money } from "../value/money.ts";
import type { Where } from "./where.ts";

/**
 * How days are grouped. Weeks are ISO weeks, named by their Monday; months "2026-10", quarters "2026-Q4". The fiscal ones are those of
 * the tenant's fiscal calendar, with its names; a fiscal week starts on the tenant's weekday, or on that of a calendar of weeks.
 */
export type Bucket = "day" | "week" | "month" | "quarter" | "year" | FiscalBucket;

/** An instant has days in a time zone only: the tenant's, unless one is named. */
export interface ZonedBucket {
  readonly bucket: Bucket;
  /** A name of the IANA database. */
  readonly timeZone?: string;
}

export interface Measure<
  Fn extends string = string,
  K extends string = string,
  P extends string = never,
  D extends string = never,
> {
  readonly fn: Fn;
  readonly field: K;
  /** A number field in per cent that each value is multiplied by. */
  readonly percent?: P | undefined;
  /** The currency that it is converted to. */
  readonly in?: string | undefined;
  /** What says the day whose rates convert: a date field of the record, or the day itself. */
  readonly on?: D | undefined;
}

/** The number of records. */
export function count(): Measure<"count", never> {
  return { fn: "count", field: "" as never };
}

/** The number of different values; null is none. */
export function countDistinct<const K extends string>(field: K): Measure<"countDistinct", K> {
  return { fn: "countDistinct", field };
}

/**
 * The exact sum of an integer, decimal or money field. With `percent`, each value is first multiplied by that field and divided
 * by 100; the result is rounded once, at the end, half to even, to the minor unit (money) or to the field's scale.
 *
 * Money is one sum for each currency; with `in`, one amount in that currency: each amount by the rate of the day that `on` says, which is
 * one day for all, or a date field of the record. Amounts in that currency already count as they are. Where a rate is missing, or the
 * day of an amount in another currency, the whole aggregate fails with `missing_rate`, naming all of them.
 */
export function sum<const K extends string, const P extends string = never, const D extends string = never>(
  field: K,
  options: { readonly percent?: P } | { readonly percent?: P; readonly in: string; readonly on: D } = {},
): Measure<"sum", K, P, D> {
  return { fn: "sum", field, ...options };
}

/** The mean of an integer or decimal field as a decimal with at most six more digits, of money to the minor unit. */
export function avg<const K extends string>(field: K): Measure<"avg", K> {
  return { fn: "avg", field };
}

export function min<const K extends string>(field: K): Measure<"min", K> {
  return { fn: "min", field };
}

export function max<const K extends string>(field: K): Measure<"max", K> {
  return { fn: "max", field };
}

/** `{ owner: "ownerId", quarter: { actualCloseDate: "quarter" }, industry: { account: "industry" } }` */
export type GroupArgument<M extends AnyModel, E extends EntityName<M>, G> = {
  readonly [K in keyof G]: G[K] extends Cases ? GroupCases<M, E> : G[K] & CheckGroup<M, E, G[K]>;
};

/**
 * A group for each value, of the records whose first case it is: the first one whose condition holds. Several cases may have one value.
 * Records of which none holds are in the group `otherwise`; null, unless said. The database tells the cases apart; at most 1,000.
 *
 * @example `{ size: { cases: [{ where: { employees: { gte: 250 } }, value: "large" }], otherwise: "small" } }`
 */
export interface GroupCases<M extends AnyModel, E extends EntityName<M>> {
  readonly cases: readonly GroupCase<M, E>[];
  readonly otherwise?: string | null;
}

export interface GroupCase<M extends AnyModel, E extends EntityName<M>> {
  readonly where: Where<M, E>;
  readonly value: string;
}

/** What tells cases from other keys, whatever they hold. */
interface Cases {
  readonly cases: readonly unknown[];
}

/** An object, because two literals that differ make `never`, and a message would say no more than that. */
interface Refused<Sentence> {
  readonly refused: Sentence;
}

/** Yields a sentence, or the names that there are, where a group key is none. */
type CheckGroup<M extends AnyModel, E extends EntityName<M>, V> = V extends string
  ? CheckGroupField<FieldsOf<M, E>, V>
  : {
      readonly [P in keyof V]: P extends keyof ToOne<M, E>
        ? CheckGroup<M, ToOne<M, E>[P] & EntityName<M>, V[P]>
        : P extends keyof FieldsOf<M, E>
          ? KindOf<FieldsOf<M, E>, P> extends "date"
            ? Bucket | Refused<"not a bucket">
            : KindOf<FieldsOf<M, E>, P> extends "instant"
              ? Bucket | ZonedBucket | Refused<"not a bucket">
              : Refused<`"${P & string}" is neither a date nor an instant`>
          : Refused<`no relation or date "${P & string}"`>;
    };

type CheckGroupField<F, V extends string> = V extends keyof F
  ? KindOf<F, V> extends "money" | "json"
    ? Refused<`"${V}" cannot be grouped by`>
    : V
  : (keyof F & string) | Refused<`no field "${V}"`>;

/** Of cases, their values; null where the field is optional, and behind any relation. */
type GroupValue<M extends AnyModel, E extends EntityName<M>, G> = G extends keyof FieldsOf<M, E>
  ? ValueOf<FieldsOf<M, E>[G]>
  : G extends { readonly cases: readonly { readonly value: infer V }[] }
    ? V | (G extends { readonly otherwise: infer O } ? O : null)
    : keyof G extends keyof ToOne<M, E>
      ? GroupValue<M, ToOne<M, E>[keyof G] & EntityName<M>, G[keyof G]> | null
      : string | Extract<ValueOf<At<FieldsOf<M, E>, keyof G>>, null>;

type KindOf<F, K> = F[K & keyof F]["kind" & keyof F[K & keyof F]];

type MeasureValue<F, X> =
  X extends Measure<infer Fn, infer K, string, infer D>
    ? Fn extends "count" | "countDistinct"
      ? number
      : KindOf<F, K> extends "money"
        ? [D] extends [never]
          ? readonly Money[]
          : Money | null
        : Fn extends "avg"
          ? string | null
          : ValueOf<F[K & keyof F]> | null
    : never;

type SummableKind = "integer" | "decimal" | "money";
type OrderedKind = SummableKind | "date" | "instant" | "text" | "foldedText";

/** Yields a sentence where a measure is of a field that is none, or that has no such figure. */
type CheckMeasures<F, Ms> = {
  readonly [K in keyof Ms]: Ms[K] extends Measure<infer Fn, infer N, infer P, infer D>
    ? [N | P] extends [keyof F]
      ? [P] extends [never]
        ? CheckConversion<F, N, D, CheckMeasure<Fn, KindOf<F, N>, N, Ms[K]>>
        : KindOf<F, P> extends "integer" | "decimal"
          ? CheckConversion<F, N, D, CheckMeasure<Fn, KindOf<F, N>, N, Ms[K]>>
          : `"${P}" is not a number`
      : `no field "${Exclude<N | P, keyof F>}"`
    : never;
};

/** A day that is not known when it is written may be any text. */
type CheckConversion<F, N extends string, D extends string, Result> = [D] extends [never]
  ? Result
  : KindOf<F, N> extends "money"
    ? string extends D
      ? Result
      : D extends `${number}-${number}-${number}`
        ? Result
        : [D, KindOf<F, D>] extends [keyof F, "date"]
          ? Result
          : `"${D}" is neither a day nor a date field`
    : `"${N}" is not money, and has no currency to convert from`;

type CheckMeasure<Fn, Kind, N extends string, Result> = Fn extends "sum" | "avg"
  ? Kind extends SummableKind
    ? Result
    : `"${N}" is not a number or money`
  : Fn extends "min" | "max"
    ? Kind extends OrderedKind
      ? Result
      : `"${N}" has no order`
    : Fn extends "countDistinct"
      ? Kind extends "money" | "json"
        ? `"${N}" cannot be counted by its values`
        : Result
      : Result;

/** Conditions on a figure of a group. */
export interface FigureFilter {
  readonly gt?: number | string;
  readonly gte?: number | string;
  readonly lt?: number | string;
  readonly lte?: number | string;
}

export interface Aggregate<in out M extends AnyModel, in out E extends EntityName<M>, in out G, in out Ms> {
  readonly where?: Where<M, E>;
  readonly groupBy?: GroupArgument<M, E, G>;
  readonly measures: Ms & CheckMeasures<FieldsOf<M, E>, Ms>;
  /** Only groups whose figures satisfy these. Money has no order across currencies and is refused, unless it is converted. */
  readonly having?: { readonly [K in keyof NoInfer<Ms>]?: FigureFilter };
  /** By group keys and figures; by the group keys in their order, unless said. */
  readonly orderBy?: readonly { readonly [K in keyof NoInfer<G> | keyof NoInfer<Ms>]?: "asc" | "desc" }[];
  readonly limit?: number;
  /** Archived records count as well. */
  readonly archived?: At<ArchivedOption, "archived">;
}

export interface ArchivedOption {
  /** Archived records are left out, unless they are asked for. */
  readonly archived?: "exclude" | "include" | "only";
}

export type AggregateRow<M extends AnyModel, E extends EntityName<M>, G, Ms> = Expand<
  { readonly [K in keyof G]: GroupValue<M, E, G[K]> } & {
    readonly [K in keyof Ms]: MeasureValue<FieldsOf<M, E>, Ms[K]>;
  }
>;
