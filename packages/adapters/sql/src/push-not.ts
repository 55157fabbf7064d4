/** Negation normal form: a predicate in which only leaves and relations are negated. */
import type { Join, Predicate } from "@relata/core/adapter";

export type Leaf = Exclude<Predicate, { readonly kind: "and" | "or" | "not" | "relation" }>;

export type NormalPredicate =
  | { readonly kind: "and" | "or"; readonly of: readonly NormalPredicate[] }
  | NormalLeaf
  | { readonly kind: "exists"; readonly negated: boolean; readonly join: Join; readonly where: NormalPredicate };

export interface NormalLeaf {
  readonly kind: "leaf";
  readonly leaf: Leaf;
  readonly negated: boolean;
}

/**
 * Moves every `not` down (De Morgan), so that what is not negated can be written plainly: SQL's null-safe forms use no index.
 * `every` becomes "there is none that does not".
 */
export function pushNot(predicate: Predicate, negated = false): NormalPredicate {
  switch (predicate.kind) {
    case "not":
      return pushNot(predicate.of, !negated);
    case "and":
    case "or": {
      const kind = negated === (predicate.kind === "and") ? "or" : "and";
      return { kind, of: predicate.of.map((part) => pushNot(part, negated)) };
    }
    case "relation": {
      const { table, local, foreign, quantifier } = predicate;
      return {
        kind: "exists",
        negated: negated === (quantifier === "some"),
        join: { table, local, foreign },
        where: pushNot(predicate.where, quantifier === "every"),
      };
    }
    default:
      return { kind: "leaf", leaf: predicate, negated };
  }
}
