/** The plain way to answer a `traverse`: breadth first, one query for each level and direction. */
import { oncePer } from "../once-per.ts";
import { compareText } from "../value/text.ts";
import { findPath } from "./find-path.ts";
import type { Level, LevelWalk, Step } from "./level-walk.ts";
import type { Param } from "./predicate.ts";
import type { Bindings, FindQuery, Row, TraverseQuery } from "./query.ts";

/**
 * The levels of a walk, one after the other. Yields what is to be found next and is given its rows, so that it serves drivers that answer
 * at once and those that answer later. The caller sees to it that all levels see one state of the database.
 */
export function* traverseByLevels(query: TraverseQuery, bindings: Bindings): LevelWalk {
  const level = levelFinder(query, bindings);
  const limit = query.depth === undefined ? Number.POSITIVE_INFINITY : (bindings.params[query.depth] as number);
  const start = listOf(bindings, query.start);
  if (query.end !== undefined) return yield* findPath({ start, end: listOf(bindings, query.end), limit, level });

  const known = new Set(start);
  const reached: Row[] = [];
  let frontier: readonly string[] = [...known];
  for (let depth = 1; frontier.length > 0 && depth <= limit; depth++) {
    const steps = yield* level(frontier, known);
    reached.push(...steps.map(({ node, edge, before }): Row => [node, depth, edge, before]));
    frontier = steps.map(({ node }) => node);
  }
  return reached;
}

type Way = Exclude<TraverseQuery["direction"], "both">;

function levelFinder(query: TraverseQuery, bindings: Bindings): Level {
  const { along, against } = waysOf(query);
  return function* (frontier, known, backwards = false) {
    const values = { ...bindings, params: bindings.params.with(query.start, frontier) };
    const steps: Step[] = [];
    for (const way of directions(query, backwards)) {
      const rows = yield { query: way === "along" ? along : against, bindings: values };
      for (const [edge, before, node] of rows as readonly (readonly string[])[])
        steps.push({ edge: edge!, before: before!, node: node! });
    }
    if (query.direction === "both") steps.sort((a, b) => compareText(a.edge, b.edge));
    return steps.filter(({ node }) => !known.has(node) && known.add(node));
  };
}

function directions({ direction }: TraverseQuery, backwards: boolean): readonly Way[] {
  if (direction === "both") return ["along", "against"];
  return [(direction === "along") === backwards ? "against" : "along"];
}

type Ways = Readonly<Record<Way, FindQuery>>;

/** The same objects for the same walk, so that an adapter compiles them once. */
const waysOf = oncePer(
  (query: TraverseQuery): Ways => ({
    along: levelQuery(query, query.from, query.to),
    against: levelQuery(query, query.to, query.from),
  }),
);

/** Edges out of a frontier, which is bound in the place of `start`: id, node before, node. */
function levelQuery({ table, where, start, asOf }: TraverseQuery, before: string, node: string): FindQuery {
  return {
    table,
    columns: ["id", before, node],
    where: {
      kind: "and",
      of: [{ kind: "in", column: before, values: start }, { kind: "not", of: { kind: "null", column: node } }, where],
    },
    orderBy: [{ column: "id", direction: "asc" }],
    include: [],
    ...(asOf === undefined ? {} : { asOf }),
  };
}

function listOf({ params }: Bindings, param: Param): readonly string[] {
  return params[param] as readonly string[];
}
