/** The way back from the contract's predicates: the condition, with the values in place. */
import type { Bindings, Param, Predicate } from "@relata/core/adapter";
import type { Condition, Value } from "./condition.ts";

export function conditionOf(predicate: Predicate, params: Bindings["params"]): Condition {
  const value = (param: Param) => params[param] as Value;
  switch (predicate.kind) {
    case "and":
    case "or":
      return { kind: predicate.kind, of: predicate.of.map((part) => conditionOf(part, params)) };
    case "not":
      return { kind: "not", of: conditionOf(predicate.of, params) };
    case "compare":
      return { ...predicate, value: value(predicate.value) };
    case "text":
      return { ...predicate, value: String(value(predicate.value)) };
    case "in":
      return { ...predicate, values: params[predicate.values] as readonly Value[] };
    case "between":
      return { ...predicate, low: value(predicate.low), high: value(predicate.high) };
    case "null":
      return predicate;
    case "relation":
      return { ...predicate, where: conditionOf(predicate.where, params) };
    case "tree": {
      const { paths, root, ...rest } = predicate;
      return {
        ...rest,
        root: String(value(root)),
        ...(paths ? { paths: { table: paths.table, top: String(value(paths.top)) } } : {}),
      };
    }
  }
}
