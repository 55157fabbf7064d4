/** The plain way to answer a `traverse`: breadth first, one query for each level and direction. */
import { compareText, sortByText } from "../value/text.ts";
import { findPath } from "./find-path.ts";
import { waysOf } from "./level-queries.ts";
import { type Level, type LevelWalk, type Node, type Reached, sideFrom } from "./level-walk.ts";
import type { Param } from "./predicate.ts";
import type { Bindings, Row, TraverseQuery } from "./query.ts";
import { reachNodes } from "./reach-nodes.ts";

/**
 * The levels of a walk, one after the other. Yields what is to be found next and is given its rows, so that it serves drivers that answer
 * at once and those that answer later. The caller sees to it that all levels see one state of the database.
 */
export function* traverseByLevels(query: TraverseQuery, bindings: Bindings): LevelWalk {
  const { types } = query;
  const numberAt = (param: Param | undefined) =>
    param === undefined ? Number.POSITIVE_INFINITY : (bindings.params[param] as number);
  const [limit, most] = [numberAt(query.depth), numberAt(query.limit)];
  const start = nodesOf(bindings, query.start, types?.start);
  if (query.edges === false) return yield* reachNodes(query, { bindings, start, limit, most });
  const level = levelFinder(query, bindings);
  if (query.end !== undefined) {
    const end = nodesOf(bindings, query.end, types?.end);
    const path = yield* findPath({ start, end, limit, level });
    return path.map(({ node, edge, before }, i) => rowOf(query, { node, depth: i + 1, edge, before }));
  }
  const side = sideFrom(start);
  const reached: Row[] = [];
  for (let depth = 1; side.frontier.length > 0 && depth <= limit && reached.length < most; depth++) {
    side.frontier = sortByText(yield* level(side, side.frontier), ({ edge }) => edge);
    for (const node of side.frontier)
      reached.push(rowOf(query, { node, depth, edge: node.edge, before: node.before! }));
  }
  return reached;
}

interface Step {
  readonly node: Node;
  readonly depth: number;
  readonly edge: string;
  readonly before: Node;
}

function rowOf({ types }: TraverseQuery, { node, depth, edge, before }: Step): Row {
  if (types) return [node.id, depth, edge, before.id, node.type, before.type];
  return [node.id, depth, edge, before.id];
}

function nodesOf({ params }: Bindings, ids: Param, types: Param | undefined): readonly Node[] {
  const typeList = types === undefined ? undefined : (params[types] as readonly string[]);
  return (params[ids] as readonly string[]).map((id, i) => ({ id, type: typeList?.[i] ?? "" }));
}

function levelFinder(query: TraverseQuery, bindings: Bindings): Level {
  const { forwards, backwards } = waysOf(query);
  return function* (side, from, isBack = false) {
    const ids = from.map(({ id }) => id);
    const values = { ...bindings, params: bindings.params.with(query.start, query.types ? [...new Set(ids)] : ids) };
    const depth = from[0]!.depth + 1;
    const found: Reached[] = [];
    let before: Reached | undefined;
    for (const way of isBack ? backwards : forwards) {
      const rows = (yield { query: way, bindings: values }) as readonly unknown[] as readonly Edge[];
      for (const [edge, beforeId, id, beforeType = "", type = ""] of rows) {
        // The edges of one node often come one after another.
        if (before?.id !== beforeId || before.type !== beforeType) before = side.find(beforeType, beforeId);
        // Ids of different types may be the same.
        if (before?.depth !== depth - 1) continue;
        const known = side.find(type, id);
        if (!known) {
          const reached: Reached = { id, type, depth, edge, before };
          side.add(reached);
          found.push(reached);
        } else if (known.depth === depth && compareText(edge, known.edge) < 0) {
          known.edge = edge;
          known.before = before;
        }
      }
    }
    return found;
  };
}

type Edge = readonly [edge: string, beforeId: string, id: string, beforeType?: string, type?: string];
