/** The types of `aggregate`: named group keys, named measures, and the rows that they yield. */
import type { AnyModel, At, EntityName, Expand, FieldsOf, ToOne, ValueOf } from "../entity/model.ts";
import type { Money } from "../value/money.ts";
import type { Where } from "./where.ts";

/** How days are grouped. Weeks are ISO weeks, named by their Monday; months "2026-10", quarters "2026-Q4". */
export type Bucket = "day" | "week" | "month" | "quarter" | "year";

export interface Measure<Fn extends string = string, K extends string = string, P extends string = never> {
  readonly fn: Fn;
  readonly field: K;
  /** A number field in per cent that each value is multiplied by. */
  readonly percent?: P | undefined;
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
 */
export function sum<const K extends string, const P extends string = never>(
  field: K,
  options: { readonly percent?: P } = {},
): Measure<"sum", K, P> {
  return { fn: "sum", field, percent: options.percent };
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
  readonly [K in keyof G]: G[K] & CheckGroup<M, E, G[K]>;
};

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
            : Refused<`"${P & string}" is not a date`>
          : Refused<`no relation or date "${P & string}"`>;
    };

type CheckGroupField<F, V extends string> = V extends keyof F
  ? KindOf<F, V> extends "money" | "json"
    ? Refused<`"${V}" cannot be grouped by`>
    : V
  : (keyof F & string) | Refused<`no field "${V}"`>;

/** Null where the field is optional, and behind any relation. */
type GroupValue<M extends AnyModel, E extends EntityName<M>, G> = G extends keyof FieldsOf<M, E>
  ? ValueOf<FieldsOf<M, E>[G]>
  : keyof G extends keyof ToOne<M, E>
    ? GroupValue<M, ToOne<M, E>[keyof G] & EntityName<M>, G[keyof G]> | null
    : string | Extract<ValueOf<At<FieldsOf<M, E>, keyof G>>, null>;

type KindOf<F, K> = F[K & keyof F]["kind" & keyof F[K & keyof F]];

type MeasureValue<F, X> =
  X extends Measure<infer Fn, infer K, string>
    ? Fn extends "count" | "countDistinct"
      ? number
      : KindOf<F, K> extends "money"
        ? readonly Money[]
        : Fn extends "avg"
          ? string | null
          : ValueOf<F[K & keyof F]> | null
    : never;

type SummableKind = "integer" | "decimal" | "money";
type OrderedKind = SummableKind | "date" | "instant" | "text" | "foldedText";

/** Yields a sentence where a measure is of a field that is none, or that has no such figure. */
type CheckMeasures<F, Ms> = {
  readonly [K in keyof Ms]: Ms[K] extends Measure<infer Fn, infer N, infer P>
    ? [N | P] extends [keyof F]
      ? [P] extends [never]
        ? CheckMeasure<Fn, KindOf<F, N>, N, Ms[K]>
        : KindOf<F, P> extends "integer" | "decimal"
          ? CheckMeasure<Fn, KindOf<F, N>, N, Ms[K]>
          : `"${P}" is not a number`
      : `no field "${Exclude<N | P, keyof F>}"`
    : never;
};

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
  /** Only groups whose figures satisfy these. Money has no order across currencies and is refused. */
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
