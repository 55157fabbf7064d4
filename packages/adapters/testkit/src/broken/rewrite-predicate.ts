/** Changes the predicates of a query, at every depth. */
import type { FindQuery, Predicate } from "@relata/core/adapter";

function rewritePredicate(predicate: Predicate, change: (leaf: Predicate) => Predicate): Predicate {
  switch (predicate.kind) {
    case "and":
    case "or":
      return { ...predicate, of: predicate.of.map((part) => rewritePredicate(part, change)) };
    case "not":
      return { ...predicate, of: rewritePredicate(predicate.of, change) };
    case "relation":
      return { ...predicate, where: rewritePredicate(predicate.where, change) };
    default:
      return change(predicate);
  }
}

export function rewriteQuery(query: FindQuery, change: (leaf: Predicate) => Predicate): FindQuery {
  return { ...query, where: rewritePredicate(query.where, change) };
}
