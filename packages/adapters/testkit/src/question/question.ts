/** Queries with their values in place. */
import type { ColumnKey, MeasureQuery, Storable } from "@relata/core/adapter";
import type { Condition } from "./condition.ts";

/** A `FindQuery` as a fact writes it. */
export interface Question {
  readonly table: string;
  /** Only `id`, when absent. */
  readonly columns?: readonly string[];
  readonly where?: Condition;
  /** Column names; a minus before one means descending. `id` is added at the end where it is not named. */
  readonly orderBy?: readonly string[];
  /** A value for each key of the order, `id` included. */
  readonly after?: readonly Storable[];
  readonly limit?: number;
  readonly include?: readonly Inclusion[];
  /** Of the outermost question: everything as it was at this instant. */
  readonly asOf?: number;
  /** Of a question without inclusions, inside of a unit. */
  readonly lock?: "skip";
}

/** Related rows of each row. `local` must be among the parent's columns and `foreign` among the question's own. */
export interface Inclusion {
  readonly cardinality: "one" | "many";
  readonly local: string;
  readonly foreign: string;
  readonly question: Question;
}

/** An `AggregateQuery` as a fact writes it. */
export interface Figures {
  readonly table: string;
  readonly where?: Condition;
  /** Of a bucket, `startingAt` has the instants themselves. */
  readonly groupBy?: readonly (ColumnKey | Cases)[];
  readonly measures: readonly MeasureQuery[];
  readonly asOf?: number;
}

/** A `CaseKey` as a fact writes it. */
export interface Cases {
  readonly cases: readonly Condition[];
}

/** A `TraverseQuery` as a fact writes it. */
export interface Route {
  readonly table: string;
  readonly from: string;
  readonly to: string;
  /** `along`, when absent. */
  readonly direction?: "along" | "against" | "both";
  readonly where?: Condition;
  readonly whereAgainst?: Condition;
  readonly start: readonly string[];
  readonly end?: readonly string[];
  /** The columns of types, and the types of `start` and `end`. */
  readonly types?: {
    readonly from: string;
    readonly to: string;
    readonly start: readonly string[];
    readonly end?: readonly string[];
  };
  readonly depth?: number;
  /** Only without `end`. */
  readonly edges?: false;
  /** Only without `end`. */
  readonly limit?: number;
  readonly asOf?: number;
}

export interface SortKey {
  readonly column: string;
  readonly direction: "asc" | "desc";
}

/** The keys of a question's order, `id` last. */
export function sortKeys(question: Question): readonly SortKey[] {
  const keys = (question.orderBy ?? []).map((key): SortKey => {
    return key.startsWith("-") ? { column: key.slice(1), direction: "desc" } : { column: key, direction: "asc" };
  });
  return keys.some((key) => key.column === "id") ? keys : [...keys, { column: "id", direction: "asc" }];
}
