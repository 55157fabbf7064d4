/** What a walk over edges must reach: every edge is looked at for every level. */
import type { Row, Storable } from "@relata/core/adapter";
import { everything } from "../question/condition.ts";
import type { Route } from "../question/question.ts";
import { compareValues } from "./compare.ts";
import { holds } from "./holds.ts";
import { type ModelTables, rowsOf, tablesAt, valueIn } from "./tables.ts";

interface Node {
  readonly id: Storable;
  readonly type: Storable | undefined;
}

interface Edge {
  readonly id: Storable;
  readonly before: Node;
  readonly node: Node;
}

export function answerWalk({ end: _, ...route }: Route, tenantId: string, tables: ModelTables): readonly Row[] {
  const edges = edgesOf(route, tenantId, tables);
  const seen = new Set(startOf(route));
  const reached: Row[] = [];
  let last = [...seen];
  const { depth: most = Number.POSITIVE_INFINITY, limit = Number.POSITIVE_INFINITY } = route;
  for (let depth = 1; last.length > 0 && depth <= most && reached.length < limit; depth += 1) {
    const steps = edges.filter(({ before, node }) => last.includes(keyOf(before)) && !seen.has(keyOf(node)));
    const firsts = steps.filter((step, at) => steps.findIndex(({ node }) => keyOf(node) === keyOf(step.node)) === at);
    for (const { node } of firsts) seen.add(keyOf(node));
    reached.push(
      ...firsts.map(({ id, before, node }): Row => {
        if (route.edges === false) return [node.id, depth, ...(route.types ? [node.type as Storable] : [])];
        const types = route.types ? [node.type as Storable, before.type as Storable] : [];
        return [node.id, depth, id, before.id, ...types];
      }),
    );
    last = firsts.map(({ node }) => keyOf(node));
  }
  return reached;
}

/** Why the rows are no shortest path; undefined where they are one, or where there is none and they are none. */
export function pathProblem(
  route: Route & { readonly end: readonly string[] },
  tenantId: string,
  { tables, rows }: { readonly tables: ModelTables; readonly rows: readonly Row[] },
): string | undefined {
  const [start, end] = [startOf(route), keysOf(route.end, route.types?.end)];
  const atOnce = start.some((node) => end.includes(node));
  const length = atOnce ? 0 : answerWalk(route, tenantId, tables).find((row) => end.includes(keyOf(nodeIn(row))))?.[1];
  if (rows.length !== (length ?? 0))
    return `It has ${rows.length} steps; a shortest path has ${String(length ?? "none")}.`;
  if (rows.length === 0) return undefined;
  const edges = edgesOf(route, tenantId, tables);
  const broken = rows.findIndex((row, at) => {
    const [, depth, id] = row;
    const [before, node] = [keyOf(beforeIn(row)), keyOf(nodeIn(row))];
    const follows = at === 0 ? start.includes(before) : before === keyOf(nodeIn(rows[at - 1]!));
    const leads = edges.some((edge) => edge.id === id && keyOf(edge.before) === before && keyOf(edge.node) === node);
    return !follows || !leads || depth !== at + 1;
  });
  if (broken >= 0) return `Its step ${broken + 1} is none.`;
  return end.includes(keyOf(nodeIn(rows.at(-1)!))) ? undefined : "It does not lead to the end.";
}

function startOf({ start, types }: Route): readonly string[] {
  return keysOf(start, types?.start);
}

function keysOf(ids: readonly string[], types: readonly string[] | undefined): readonly string[] {
  return ids.map((id, at) => keyOf({ id, type: types?.[at] }));
}

function keyOf({ id, type }: Node): string {
  return JSON.stringify([type, id]);
}

function nodeIn([id, , , , type]: Row): Node {
  return { id: id as Storable, type: type as Storable };
}

function beforeIn([, , , id, , type]: Row): Node {
  return { id: id as Storable, type: type as Storable };
}

/** In the order of their ids, which is what counts where several lead to one node. */
function edgesOf(route: Route, tenantId: string, present: ModelTables): readonly Edge[] {
  const { table, from, to, types, direction = "along", where = everything, whereAgainst = where } = route;
  const tables = tablesAt(present, route.asOf);
  const edges = rowsOf(tables, table, tenantId).flatMap((row): Edge[] => {
    const id = valueIn(row, "id");
    const first: Node = { id: valueIn(row, from), type: types && valueIn(row, types.from) };
    const last: Node = { id: valueIn(row, to), type: types && valueIn(row, types.to) };
    const way = direction === "both" ? { along: where, against: whereAgainst } : { [direction]: where };
    return [
      ...(way.along && holds(way.along, row, tables) ? [{ id, before: first, node: last }] : []),
      ...(way.against && holds(way.against, row, tables) ? [{ id, before: last, node: first }] : []),
    ];
  });
  return edges
    .filter(({ before, node }) => ![before.id, before.type, node.id, node.type].includes(null))
    .sort((left, right) => compareValues(left.id, right.id));
}
