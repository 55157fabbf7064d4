/** Predicates with their values in place, as facts and random programs write them; `prepare.ts` turns them into the contract's. */
import type { Comparison, Join, Lineage, Storable, TextMatch } from "@relata/core/adapter";

export type Value = Exclude<Storable, null>;
type Quantifier = "some" | "none" | "every";

export type Condition =
  | { readonly kind: "and" | "or"; readonly of: readonly Condition[] }
  | { readonly kind: "not"; readonly of: Condition }
  | { readonly kind: "compare"; readonly column: string; readonly operator: Comparison; readonly value: Value }
  | { readonly kind: "in"; readonly column: string; readonly values: readonly Value[] }
  | { readonly kind: "between"; readonly column: string; readonly low: Value; readonly high: Value }
  | { readonly kind: "text"; readonly column: string; readonly operator: TextMatch; readonly value: string }
  | { readonly kind: "null"; readonly column: string }
  | ({ readonly kind: "relation"; readonly quantifier: Quantifier; readonly where: Condition } & Join)
  | ({ readonly kind: "tree"; readonly column: string; readonly root: string; readonly paths?: Paths } & Lineage);

/** As in `TreePaths`. */
interface Paths {
  readonly table: string;
  readonly top: string;
}

/** True for every row. */
export const everything: Condition = { kind: "and", of: [] };

export const and = (...of: readonly Condition[]): Condition => ({ kind: "and", of });
export const or = (...of: readonly Condition[]): Condition => ({ kind: "or", of });
export const not = (of: Condition): Condition => ({ kind: "not", of });

export const eq = (column: string, value: Value): Condition => compare(column, "eq", value);
export const ne = (column: string, value: Value): Condition => compare(column, "ne", value);
export const lt = (column: string, value: Value): Condition => compare(column, "lt", value);
export const lte = (column: string, value: Value): Condition => compare(column, "lte", value);
export const gt = (column: string, value: Value): Condition => compare(column, "gt", value);
export const gte = (column: string, value: Value): Condition => compare(column, "gte", value);

export const isIn = (column: string, values: readonly Value[]): Condition => ({ kind: "in", column, values });
export const between = (column: string, low: Value, high: Value): Condition => ({ kind: "between", column, low, high });
export const isNull = (column: string): Condition => ({ kind: "null", column });

export const contains = (column: string, value: string): Condition => match(column, "contains", value);
export const startsWith = (column: string, value: string): Condition => match(column, "startsWith", value);
export const endsWith = (column: string, value: string): Condition => match(column, "endsWith", value);

export const some = (join: Join, where: Condition = everything): Condition => relation("some", join, where);
export const none = (join: Join, where: Condition = everything): Condition => relation("none", join, where);
export const every = (join: Join, where: Condition): Condition => relation("every", join, where);

/** Where `column` has the id of what stands in `lineage` of `root`. */
export const tree = (column: string, root: string, lineage: Lineage & { readonly paths?: Paths }): Condition => ({
  kind: "tree",
  column,
  root,
  ...lineage,
});

function compare(column: string, operator: Comparison, value: Value): Condition {
  return { kind: "compare", column, operator, value };
}

function match(column: string, operator: TextMatch, value: string): Condition {
  return { kind: "text", column, operator, value };
}

function relation(quantifier: Quantifier, join: Join, where: Condition): Condition {
  return { kind: "relation", quantifier, ...join, where };
}
