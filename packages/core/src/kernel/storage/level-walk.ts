/** A walk over edges, as it goes from one level to the next. */
import type { Bindings, FindQuery, Row } from "./query.ts";

/** Yields what is to be found and is given its rows. */
export type LevelWalk<T = readonly Row[]> = Generator<
  { readonly query: FindQuery; readonly bindings: Bindings },
  T,
  readonly Row[]
>;

/** Nodes by their keys, as `nodeKey` makes them where they have types; else by their ids. */
export interface Step {
  readonly node: string;
  readonly edge: string;
  readonly before: string;
}

/** The steps from a frontier to nodes that are not known yet, which become known. `backwards` follows edges the other way. */
export type Level = (
  frontier: readonly string[],
  known: Set<string>,
  backwards?: boolean,
) => LevelWalk<readonly Step[]>;
