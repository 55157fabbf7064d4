/** The same predicate with its parameters further on in a list. */
import type { Predicate } from "@relata/core/adapter";

export function shiftParams(predicate: Predicate, by: number): Predicate {
  switch (predicate.kind) {
    case "and":
    case "or":
      return { ...predicate, of: predicate.of.map((part) => shiftParams(part, by)) };
    case "not":
      return { ...predicate, of: shiftParams(predicate.of, by) };
    case "compare":
    case "text":
      return { ...predicate, value: predicate.value + by };
    case "in":
      return { ...predicate, values: predicate.values + by };
    case "between":
      return { ...predicate, low: predicate.low + by, high: predicate.high + by };
    case "relation":
      return { ...predicate, where: shiftParams(predicate.where, by) };
    case "tree":
      return {
        ...predicate,
        root: predicate.root + by,
        ...(predicate.paths ? { paths: { ...predicate.paths, top: predicate.paths.top + by } } : {}),
      };
    case "null":
      return predicate;
  }
}
