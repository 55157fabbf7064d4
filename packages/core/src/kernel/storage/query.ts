/** Reads and writes as adapters see them. */
import type { Join, Param, Predicate } from "./predicate.ts";
import type { Storable } from "./storage-schema.ts";

/**
 * A read. Frozen, free of values, and the same object for the same shape, so that an adapter may keep what it compiled
 * from it in a `WeakMap`.
 */
export interface FindQuery {
  readonly table: string;
  /** The columns of each row, in this order. */
  readonly columns: readonly string[];
  readonly where: Predicate;
  /** Total: core ends it with `id`. Empty where at most one row can be found, and where any order will do. */
  readonly orderBy: readonly OrderKey[];
  /** Only rows that come after these values of the order's keys. */
  readonly after?: readonly AfterKey[];
  /** At most so many rows; in an include, for each parent. */
  readonly limit?: Param;
  /** Each adds one element to the end of each row, in this order. */
  readonly include: readonly IncludeQuery[];
  /**
   * An instant: every table that the query touches (its own, those of relations and includes) is read as it was then, from the
   * current rows and from history. Stands in the outermost query only; none of its tables is without history.
   */
  readonly asOf?: Param;
  /**
   * Inside of a transaction: locks the rows that it gives until the transaction ends. Those that another transaction has locked are waited
   * for ("wait"), and given as they are then, or passed over ("skip"). Only without `include` and `asOf`. Where transactions run one after
   * another there is nothing to do.
   */
  readonly lock?: "wait" | "skip";
}

/** Nulls come last ascending and first descending. Text is ordered by code point. */
export interface OrderKey {
  readonly column: string;
  readonly direction: "asc" | "desc";
}

/** Whether the value is null is part of the shape: the conditions differ. */
export interface AfterKey {
  readonly value: Param;
  readonly isNull: boolean;
}

/**
 * Related rows. `many`: the element is a list of rows, in the query's order; `one`: a row or null. `local` is among the
 * parent's columns and `foreign` among the query's own.
 */
export interface IncludeQuery {
  readonly cardinality: "one" | "many";
  readonly local: string;
  readonly foreign: string;
  readonly query: FindQuery;
}

/**
 * A walk over edges: rows of `table` that lead from the id in the column `from` to the id in the column `to`. Of a tree, a row is itself
 * the edge to its parent: `from` is its `id`. Level by level, from the ids of the list `start`, over edges that satisfy `where`;
 * null leads nowhere.
 *
 * Without `end`, the answer is every node reached, once, at its smallest depth, by the edge whose id is the smallest there; what is in
 * `start` is not reached. In the order of depth, then of the edge's id.
 *
 * With `end`, a list too, the answer is one shortest path from a node of `start` to one of `end`, in the order of its steps; which, when
 * there are several, is not pinned. No row where there is none, or where a node is in both lists.
 *
 * Each row is a step: the node, its depth (from 1), the edge's id, and the node before; with `types`, the types of both nodes behind.
 *
 * Where `edges` is false, which it is without `end` only, each row is a node, its depth and, with `types`, its type: every node reached,
 * once, at its smallest depth. In the order of depth; those of one depth in no order.
 */
export interface TraverseQuery {
  readonly table: string;
  readonly from: string;
  readonly to: string;
  /** Where a node is a type and an id. */
  readonly types?: NodeTypes;
  /** Whether edges are followed from `from` to `to`, the other way, or either way. */
  readonly direction: "along" | "against" | "both";
  readonly where: Predicate;
  /** With "both": what edges must satisfy, in the place of `where`, to be followed from `to` to `from`. */
  readonly whereAgainst?: Predicate;
  readonly start: Param;
  readonly end?: Param;
  /** At most so many steps from the start. */
  readonly depth?: Param;
  /** Without `end`: no level is gone on from where so many nodes were reached. Levels are whole: what is more, core leaves out. */
  readonly limit?: Param;
  /** Whether the steps are told, which they are unless it is false. */
  readonly edges?: false;
  /** As in `FindQuery`. */
  readonly asOf?: Param;
}

/** The text columns that stand beside `from` and `to`, and the types of the nodes of `start` and `end`, in the order of these. */
export interface NodeTypes {
  readonly from: string;
  readonly to: string;
  readonly start: Param;
  readonly end?: Param;
}

/** Groups and figures over all rows that satisfy `where`. Without group keys there is exactly one row, also over none. */
export interface AggregateQuery {
  readonly table: string;
  readonly where: Predicate;
  readonly groupBy: readonly GroupKey[];
  readonly measures: readonly MeasureQuery[];
  /** As in `FindQuery`. */
  readonly asOf?: Param;
}

export type GroupKey = ColumnKey | CaseKey;

/** The place of the first of the conditions on the row that it satisfies, from 0; their number where it satisfies none. An `integer`. */
export interface CaseKey {
  readonly cases: readonly Predicate[];
}

/** A column of the row, or of the row reached through to-one joins (null where there is none). */
export interface ColumnKey {
  readonly path: readonly Join[];
  readonly column: string;
  /**
   * For `date` columns, "month": the first seven characters, YYYY-MM. For `instant` columns, instants in ascending order, at least one:
   * the last of them that is not after the value; the first one, where all are.
   */
  readonly bucket?: "month" | { readonly startingAt: readonly Param[] };
}

/**
 * Nulls are passed over by all but `rows`. `count` and `countDistinct` and `rows` return a number; `sum` an exact bigint, or null
 * over no values (a row counts where both column and weight are present); `min` and `max` a value of the column.
 * `sum` is over `integer` and `bigint` columns, `min` and `max` over these and `text`, `date` and `instant` ones.
 */
export type MeasureQuery =
  | { readonly kind: "rows" }
  | { readonly kind: "count" | "countDistinct" | "min" | "max"; readonly column: string }
  | { readonly kind: "sum"; readonly column: string; readonly weight?: string };

/** The values of a query: whose rows it may see, and what its parameters stand for (a list for `in`). */
export interface Bindings {
  readonly tenantId: string;
  readonly params: readonly (Storable | readonly Storable[])[];
}

/** The columns' values, followed by one element for each include. */
export type Row = readonly RowElement[];
export type RowElement = Storable | Row | readonly Row[];

/**
 * A change to the rows of one table and one tenant. `update` and `delete` are guarded: each row must exist and have the
 * version given. `columns` never names `tenant_id`, and an update's never `id`; an update's `values` include the new version.
 * In a table with history the row as it was moves there, with the guard's `endedAt` and the step's `endedBy`; an update without
 * `endedAt` makes no version, and is for what is derived or converted. A history table has each version of an id once, also of one
 * that is inserted again after a delete: its versions must go on from the last one.
 *
 * `rebase` replaces a beginning: where the text in `column` begins with `from`, `to` takes the place of it; a text that has `limit`
 * characters then, or more, keeps `limit - 1` of them and ends in "*". It is for derived columns of ASCII text: no guard, no version,
 * no history.
 * `erase` takes the rows of these ids away for good, from the table and from its history; ids that are nowhere are passed over.
 * `forbid` changes nothing: it fails with `guard_failed` where a row satisfies `where` at that point of the list, naming the `reason`
 * and the `ids` of such rows, in their order, the first 100 at most.
 */
export type WriteStep =
  | {
      readonly kind: "insert";
      readonly table: string;
      readonly columns: readonly string[];
      readonly rows: readonly (readonly Storable[])[];
    }
  | {
      readonly kind: "update";
      readonly table: string;
      readonly columns: readonly string[];
      readonly rows: readonly GuardedValues[];
      readonly endedBy?: string | null;
    }
  | {
      readonly kind: "delete";
      readonly table: string;
      readonly rows: readonly Guard[];
      readonly endedBy?: string | null;
    }
  | {
      readonly kind: "rebase";
      readonly table: string;
      readonly column: string;
      readonly from: string;
      readonly to: string;
      readonly limit: number;
    }
  | { readonly kind: "erase"; readonly table: string; readonly ids: readonly string[] }
  | {
      readonly kind: "forbid";
      readonly table: string;
      readonly where: Predicate;
      readonly params: Bindings["params"];
      readonly reason: string;
    };

export interface Guard {
  readonly id: string;
  readonly version: number;
  /** When this version ended, in a table with history. */
  readonly endedAt?: number;
}

export interface GuardedValues extends Guard {
  readonly values: readonly Storable[];
}
