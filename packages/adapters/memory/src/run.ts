/** One execution of a compiled query: its values, and where it stands. */
import type { Bindings, Param, Predicate, Storable } from "@relata/core/adapter";

export interface Run {
  readonly tenantId: string;
  readonly params: Bindings["params"];
  /** The parent's value that an include's rows must have. Set before they are collected, and not read after. */
  outer: Storable;
  /** The one of an `in` list's values that is looked up now. */
  member: Storable;
  /** Made when it is first needed, as most runs have no list. */
  lists: Map<Param, ReadonlySet<Storable>> | undefined;
  /** By the predicate: the ids that stand above or below its root. */
  lineages: Map<Predicate, ReadonlySet<Storable>> | undefined;
  /** How many rows were looked at. Tests tell by it whether an index was used. */
  visited: number;
}

/** Reads a value of the execution. */
export type Read = (run: Run) => Storable;

export function createRun(bindings: Bindings): Run {
  return {
    tenantId: bindings.tenantId,
    params: bindings.params,
    outer: null,
    member: null,
    lists: undefined,
    lineages: undefined,
    visited: 0,
  };
}

export function readParam(run: Run, param: Param): Storable {
  return run.params[param] as Storable;
}

/** The distinct values of an `in` list. */
export function listOf(run: Run, param: Param): ReadonlySet<Storable> {
  run.lists ??= new Map();
  const known = run.lists.get(param);
  if (known) return known;
  const list = new Set(run.params[param] as readonly Storable[]);
  run.lists.set(param, list);
  return list;
}
