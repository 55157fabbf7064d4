/** Conditions on rows, as a tree over columns. */

/** Index of a value in `Bindings.params`. Queries hold no values, so that equal shapes are compiled once. */
export type Param = number;

/**
 * Two-valued logic: a comparison with a null column is false, and `not` is the exact complement of what it holds
 * (so `not (a = 1)` and `a ne 1` are true where `a` is null). Values are never null.
 *
 * - Text is compared by code point. `text` operators are literal: no character is a wildcard.
 * - `in` binds a list; the empty list is false.
 * - `between` includes both ends.
 * - `relation` ranges over the rows of `table`, of the same tenant, whose `foreign` column equals this row's `local`
 *   column: `some` (at least one satisfies `where`), `none`, `every` (no row fails `where`; true for no rows).
 * - `tree` holds where `column` has the id of a descendant, or of an ancestor, of the row `root` of `table`, of the same tenant: of what
 *   is reached from it by following `parent` down, or up, over any number of rows, each once, so that a circle ends. `self` says
 *   whether the root itself counts, which it does not otherwise, not even in a circle. A root that does not exist has neither. Where
 *   the column is text and the ids are uuids, it has them in their text. Where `paths` are given, descendants may be read from them, unless the read is one of the past: the answer is the same.
 */
export type Predicate =
  | { readonly kind: "and" | "or"; readonly of: readonly Predicate[] }
  | { readonly kind: "not"; readonly of: Predicate }
  | { readonly kind: "compare"; readonly column: string; readonly operator: Comparison; readonly value: Param }
  | { readonly kind: "in"; readonly column: string; readonly values: Param }
  | { readonly kind: "between"; readonly column: string; readonly low: Param; readonly high: Param }
  | { readonly kind: "text"; readonly column: string; readonly operator: TextMatch; readonly value: Param }
  | { readonly kind: "null"; readonly column: string }
  | ({ readonly kind: "relation"; readonly quantifier: "some" | "none" | "every"; readonly where: Predicate } & Join)
  | ({ readonly kind: "tree"; readonly column: string; readonly root: Param; readonly paths?: TreePaths } & Lineage);

export type Comparison = "eq" | "ne" | "lt" | "lte" | "gt" | "gte";
export type TextMatch = "contains" | "startsWith" | "endsWith";

/** Rows of `table` whose `foreign` column equals the current row's `local` column. */
export interface Join {
  readonly table: string;
  readonly local: string;
  readonly foreign: string;
}

/** What stands above or below a row of `table`, whose column `parent` has the id of another row of it. */
export interface Lineage {
  readonly table: string;
  readonly parent: string;
  readonly relation: "descendants" | "ancestors";
  readonly self: boolean;
}

/**
 * Where core keeps the paths of the tree (see `tree-path.ts`): a table of `id` and `path`, without the rows that have none above them.
 * `top` is the path of the root if it is one of these. A path that was cut ends in "*": below such a row, walk.
 */
export interface TreePaths {
  readonly table: string;
  readonly top: Param;
}

/** True for every row: the empty conjunction. */
export const always: Predicate = { kind: "and", of: [] };

/** True for no row: the empty disjunction. */
export const never: Predicate = { kind: "or", of: [] };
