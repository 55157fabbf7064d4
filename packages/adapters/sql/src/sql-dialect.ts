/** What differs between the databases that share this engine. */
import type { ColumnKind, ColumnSchema, FindQuery, Storable, TextMatch } from "@relata/core/adapter";
import type { Dialect } from "kysely";
import type { Fragment, Slot } from "./statement.ts";

export interface SqlDialect {
  /** Quoting and placeholders are Kysely's. */
  readonly kysely: Pick<Dialect, "createAdapter" | "createQueryCompiler" | "createIntrospector">;

  /** A table, where the SDK's tables stand. */
  table(name: string): Fragment;
  /** A rule of a table, whose name tells what failed. */
  constraint(name: string): Fragment;
  /** An index as the statement that creates it names it, and as all others do. */
  index(name: string, purpose: "create" | "refer"): Fragment;

  /** The type of a column, as the live schema gives it back. */
  columnType(column: ColumnSchema): string;
  /** What a statement declares a column with: its type, and what orders its texts. */
  declaredType(column: ColumnSchema): string;
  /** The condition on a column that its kind or its list of values asks for. */
  columnCheck(column: ColumnSchema): Fragment | undefined;
  /** What ends a foreign key. */
  readonly foreignKeyOptions: Fragment;
  /** What follows the closing parenthesis of a CREATE TABLE. */
  readonly tableOptions: Fragment | undefined;

  /** A column's value as the driver can give it back exactly. */
  read(kind: ColumnKind, value: Fragment): Fragment;
  /** From what the driver gives for `read` (never null) to the stored value; undefined where it is the value already. */
  decoder(kind: ColumnKind): ((raw: unknown) => Storable) | undefined;

  /** What ends a query that locks its rows. */
  readonly locks: Readonly<Record<"wait" | "skip", Fragment>>;
  /** `limit`, for a statement that is used with many values. */
  limit(slot: Slot): Fragment;
  /**
   * Whether a nullable key that leads an order is walked as two ranges from the first page on, because no index has the nulls where the
   * order wants them; if not, only from the second page on, because "later, or null" walks an index from its start.
   */
  readonly splitsNulls: boolean;

  /** How related rows become columns of the statement that finds their parents; else they are found by a statement for each level. */
  readonly nested?: NestedForm;

  /**
   * The same value, by which no index is looked up: for a database whose planner does not see how many versions were valid at an
   * instant. Where it is absent, the current rows and the ended versions are read by one statement.
   */
  unindexed?(value: Fragment): Fragment;

  /** Nulls last ascending, first descending. */
  orderTerms(key: OrderTerm): readonly Fragment[];
  /** `value` is one of a list that is bound as one parameter, so that its length is no part of the shape. */
  inList(value: Fragment, list: Slot): Fragment;
  /** Whether a value is among what a query gives, of which the planner is to expect little, and to look for rows by it. */
  inFew(value: Fragment, query: Fragment): Fragment;
  /** Literal, by code point. */
  text(operator: TextMatch, value: Fragment, slot: Slot): Fragment;
  /** The year and month of a `date`. */
  month(value: Fragment): Fragment;
  /** From cheap to certain: the next is tried when one fails with `sum_overflow`. */
  readonly sums: readonly SumForm[];
}

/** `many` and `one` make one value of the columns `values` of the rows in `rows`, in their order, as JSON text. */
export interface NestedForm {
  /** For which queries that is sooner done than by a statement for each level. */
  applies(query: FindQuery): boolean;
  /** A list of lists. */
  many(values: readonly Fragment[], rows: Fragment): Fragment;
  /** Of the only row a list; null where there is none. */
  one(values: readonly Fragment[], rows: Fragment): Fragment;
  /** Such a value as a member of another one. */
  member(value: Fragment): Fragment;
}

export interface OrderTerm {
  readonly value: Fragment;
  readonly nullable: boolean;
  readonly direction: "asc" | "desc";
}

/** How an exact sum is put together from what the database can add up. */
export interface SumForm {
  /** The expressions to select. Rows where `value` or `weight` is null do not count. */
  terms(value: Fragment, weight: Fragment | undefined): readonly Fragment[];
  /** @throws `CrmError` `sum_overflow` when the terms are not exact. */
  combine(terms: readonly unknown[], weighted: boolean): bigint | null;
}
