/** A walk over edges, as it goes from one level to the next. */
import type { Bindings, FindQuery, Row } from "./query.ts";

/** Yields what is to be found and is given its rows. */
export type LevelWalk<T = readonly Row[]> = Generator<
  { readonly query: FindQuery; readonly bindings: Bindings },
  T,
  readonly Row[]
>;

/** A node: an id and, where ids are not enough to tell nodes apart, a type; else the empty text. */
export interface Node {
  readonly id: string;
  readonly type: string;
}

/** A node that was reached, and the last step of the way to it. A start was reached by none. */
export interface Reached extends Node {
  readonly depth: number;
  edge: string;
  before: Reached | undefined;
}

/** All that was reached from one side: each node once. */
export interface Side {
  /** Those that were reached last. */
  frontier: readonly Reached[];
  find(type: string, id: string): Reached | undefined;
  add(reached: Reached): void;
}

/**
 * Goes on from nodes of the frontier, and gives those that were not reached before, in no order. `backwards` follows edges the other way.
 */
export type Level = (side: Side, from: readonly Reached[], backwards?: boolean) => LevelWalk<readonly Reached[]>;

export function sideFrom(nodes: readonly Node[]): Side {
  const types = new Map<string, Map<string, Reached>>();
  const find = (type: string, id: string) => types.get(type)?.get(id);
  const add = (reached: Reached) => {
    const ids = types.get(reached.type);
    if (ids) ids.set(reached.id, reached);
    else types.set(reached.type, new Map([[reached.id, reached]]));
  };
  const frontier: Reached[] = [];
  for (const { id, type } of nodes) {
    if (find(type, id)) continue;
    const start: Reached = { id, type, depth: 0, edge: "", before: undefined };
    frontier.push(start);
    add(start);
  }
  return { frontier, find, add };
}
