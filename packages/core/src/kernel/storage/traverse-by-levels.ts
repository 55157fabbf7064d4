/** The plain way to answer a `traverse`: breadth first, one query for each level and direction. */
import { oncePer } from "../once-per.ts";
import { compareText } from "../value/text.ts";
import { findPath } from "./find-path.ts";
import type { Level, LevelWalk, Step } from "./level-walk.ts";
import { idOfKey, nodeKey, typeOfKey } from "./node-key.ts";
import type { Param, Predicate } from "./predicate.ts";
import type { Bindings, FindQuery, Row, TraverseQuery } from "./query.ts";

/**
 * The levels of a walk, one after the other. Yields what is to be found next and is given its rows, so that it serves drivers that answer
 * at once and those that answer later. The caller sees to it that all levels see one state of the database.
 */
export function* traverseByLevels(query: TraverseQuery, bindings: Bindings): LevelWalk {
  const level = levelFinder(query, bindings);
  const limit = query.depth === undefined ? Number.POSITIVE_INFINITY : (bindings.params[query.depth] as number);
  const start = keysOf(bindings, query.start, query.types?.start);
  if (query.end !== undefined) {
    const end = keysOf(bindings, query.end, query.types?.end);
    const path = yield* findPath({ start, end, limit, level });
    return stepRows(
      query,
      path.map((step, i) => [step, i + 1]),
    );
  }
  const known = new Set(start);
  const reached: Numbered[] = [];
  let frontier: readonly string[] = [...known];
  for (let depth = 1; frontier.length > 0 && depth <= limit; depth++) {
    const steps = yield* level(frontier, known);
    for (const step of steps) reached.push([step, depth]);
    frontier = steps.map(({ node }) => node);
  }
  return stepRows(query, reached);
}

type Numbered = readonly [step: Step, depth: number];

function stepRows({ types }: TraverseQuery, steps: readonly Numbered[]): readonly Row[] {
  if (!types) return steps.map(([{ node, edge, before }, depth]) => [node, depth, edge, before]);
  return steps.map(([{ node, edge, before }, depth]) => {
    return [idOfKey(node), depth, edge, idOfKey(before), typeOfKey(node), typeOfKey(before)];
  });
}

function keysOf({ params }: Bindings, ids: Param, types: Param | undefined): readonly string[] {
  const list = params[ids] as readonly string[];
  if (types === undefined) return list;
  const typeList = params[types] as readonly string[];
  return list.map((id, i) => nodeKey(typeList[i]!, id));
}

function levelFinder(query: TraverseQuery, bindings: Bindings): Level {
  const { forwards, backwards } = waysOf(query);
  return function* (frontier, known, isBack = false) {
    const ids = query.types ? [...new Set(frontier.map(idOfKey))] : frontier;
    const values = { ...bindings, params: bindings.params.with(query.start, ids) };
    // Ids of different types may be the same.
    const before = query.types && new Set(frontier);
    const steps = new Map<string, Step>();
    for (const way of isBack ? backwards : forwards) {
      for (const row of (yield { query: way, bindings: values }) as readonly (readonly string[])[]) {
        const step = stepOf(row);
        if (known.has(step.node) || (before && !before.has(step.before))) continue;
        const other = steps.get(step.node);
        if (!other || compareText(step.edge, other.edge) < 0) steps.set(step.node, step);
      }
    }
    for (const node of steps.keys()) known.add(node);
    return [...steps.values()].sort((a, b) => compareText(a.edge, b.edge));
  };
}

function stepOf([edge, before, node, beforeType, nodeType]: readonly string[]): Step {
  if (nodeType === undefined) return { edge: edge!, before: before!, node: node! };
  return { edge: edge!, before: nodeKey(beforeType!, before!), node: nodeKey(nodeType, node!) };
}

/** The queries of a level, of a walk and of one that goes back along its edges. */
interface Ways {
  readonly forwards: readonly FindQuery[];
  readonly backwards: readonly FindQuery[];
}

/** The same objects for the same walk, so that an adapter compiles them once. */
const waysOf = oncePer((query: TraverseQuery): Ways => {
  const { direction, where, whereAgainst = where } = query;
  const along = levelQuery(query, "along", where);
  if (direction === "both" && whereAgainst !== where) {
    return {
      forwards: [along, levelQuery(query, "against", whereAgainst)],
      backwards: [levelQuery(query, "against", where), levelQuery(query, "along", whereAgainst)],
    };
  }
  const against = levelQuery(query, "against", where);
  if (direction === "both") return { forwards: [along, against], backwards: [along, against] };
  return direction === "along"
    ? { forwards: [along], backwards: [against] }
    : { forwards: [against], backwards: [along] };
});

/** Edges out of a frontier, whose ids are bound in the place of `start`: id, node before, node, and the types of both. */
function levelQuery(
  { table, from, to, types, start, asOf }: TraverseQuery,
  way: "along" | "against",
  where: Predicate,
): FindQuery {
  const ends = [
    { id: from, type: types?.from },
    { id: to, type: types?.to },
  ] as const;
  const [before, node] = way === "along" ? ends : ends.toReversed();
  const leads = [node!.id, ...(types ? [before!.type!, node!.type!] : [])];
  return {
    table,
    columns: ["id", before!.id, node!.id, ...(types ? [before!.type!, node!.type!] : [])],
    where: {
      kind: "and",
      of: [
        { kind: "in", column: before!.id, values: start },
        ...leads.map((column): Predicate => ({ kind: "not", of: { kind: "null", column } })),
        where,
      ],
    },
    orderBy: [],
    include: [],
    ...(asOf === undefined ? {} : { asOf }),
  };
}
