/** A walk that is asked for nodes and their distances only: no edge, and no node before, leaves the database. */
import { waysOf } from "./level-queries.ts";
import type { LevelWalk, Node } from "./level-walk.ts";
import type { Bindings, Row, TraverseQuery } from "./query.ts";

interface Walk {
  readonly bindings: Bindings;
  readonly start: readonly Node[];
  readonly limit: number;
  /** Where so many were reached, it ends with the level. */
  readonly most: number;
}

/** Ids by type. */
type Frontier = ReadonlyMap<string, readonly string[]>;

/** A level is a query for each way and type of its nodes: which node an edge came from is not told, so the database compares the types. */
export function* reachNodes(query: TraverseQuery, { bindings, start, limit, most }: Walk): LevelWalk {
  const { types } = query;
  const { forwards } = waysOf(query);
  const known = new Map<string, Set<string>>();
  const reached: Row[] = [];
  let frontier: Frontier = newOf(
    start.map(({ id, type }) => [id, type]),
    known,
  );
  for (let depth = 1; depth <= limit && frontier.size > 0 && reached.length < most; depth++) {
    const next = new Map<string, string[]>();
    for (const [type, ids] of frontier) {
      const given = bindings.params.with(query.start, ids);
      const values = { ...bindings, params: types ? given.with(types.start, type) : given };
      for (const way of forwards) {
        const rows = (yield { query: way, bindings: values }) as readonly unknown[] as readonly Found[];
        newOf(rows, known, next);
      }
    }
    frontier = next;
    for (const [type, ids] of frontier) for (const id of ids) reached.push(types ? [id, depth, type] : [id, depth]);
  }
  return reached;
}

type Found = readonly [id: string, type?: string];

/** Adds to `next` those that are not known, which they are then. */
function newOf(
  nodes: readonly Found[],
  known: Map<string, Set<string>>,
  next = new Map<string, string[]>(),
): Map<string, string[]> {
  let last: string | undefined;
  let ids = new Set<string>();
  let fresh: string[] = [];
  for (const [id, type = ""] of nodes) {
    // Nodes of one type often come one after another.
    if (type !== last) {
      last = type;
      ids = known.get(type) ?? new Set();
      fresh = next.get(type) ?? [];
      known.set(type, ids);
    }
    if (ids.has(id)) continue;
    ids.add(id);
    if (fresh.push(id) === 1) next.set(type, fresh);
  }
  return next;
}
