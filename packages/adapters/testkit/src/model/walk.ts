/** What a walk over edges must reach: every edge is looked at for every level. */
import type { Row, Storable } from "@relata/core/adapter";
import { everything } from "../question/condition.ts";
import type { Route } from "../question/question.ts";
import { compareValues } from "./compare.ts";
import { holds } from "./holds.ts";
import { type ModelTables, rowsOf, valueIn } from "./tables.ts";

interface Edge {
  readonly id: Storable;
  readonly before: Storable;
  readonly node: Storable;
}

export function answerWalk({ end: _, ...route }: Route, tenantId: string, tables: ModelTables): readonly Row[] {
  const edges = edgesOf(route, tenantId, tables);
  const seen = new Set<Storable>(route.start);
  const reached: Row[] = [];
  let last = [...seen];
  for (let depth = 1; last.length > 0 && depth <= (route.depth ?? Number.POSITIVE_INFINITY); depth += 1) {
    const steps = edges.filter(({ before, node }) => last.includes(before) && !seen.has(node));
    const firsts = steps.filter((step, at) => steps.findIndex(({ node }) => node === step.node) === at);
    for (const { node } of firsts) seen.add(node);
    reached.push(...firsts.map(({ id, before, node }): Row => [node, depth, id, before]));
    last = firsts.map(({ node }) => node);
  }
  return reached;
}

/** Why the rows are no shortest path; undefined where they are one, or where there is none and they are none. */
export function pathProblem(
  route: Route & { readonly end: readonly string[] },
  tenantId: string,
  { tables, rows }: { readonly tables: ModelTables; readonly rows: readonly Row[] },
): string | undefined {
  const atOnce = route.start.some((node) => route.end.includes(node));
  const length = atOnce
    ? 0
    : answerWalk(route, tenantId, tables).find(([node]) => route.end.includes(String(node)))?.[1];
  if (rows.length !== (length ?? 0))
    return `It has ${rows.length} steps; a shortest path has ${String(length ?? "none")}.`;
  if (rows.length === 0) return undefined;
  const edges = edgesOf(route, tenantId, tables);
  const broken = rows.findIndex(([node, depth, id, before], at) => {
    const follows = at === 0 ? route.start.includes(String(before)) : before === rows[at - 1]?.[0];
    const leads = edges.some((edge) => edge.id === id && edge.before === before && edge.node === node);
    return !follows || !leads || depth !== at + 1;
  });
  if (broken >= 0) return `Its step ${broken + 1} is none.`;
  return route.end.includes(String(rows.at(-1)?.[0])) ? undefined : "It does not lead to the end.";
}

/** In the order of their ids, which is what counts where several lead to one node. */
function edgesOf(route: Route, tenantId: string, tables: ModelTables): readonly Edge[] {
  const { table, from, to, direction = "along", where = everything } = route;
  const rows = rowsOf(tables, table, tenantId).filter((row) => holds(where, row, tables));
  const along = rows.map(
    (row): Edge => ({ id: valueIn(row, "id"), before: valueIn(row, from), node: valueIn(row, to) }),
  );
  const against = along.map(({ id, before, node }): Edge => ({ id, before: node, node: before }));
  const edges = direction === "both" ? [...along, ...against] : direction === "along" ? along : against;
  return edges
    .filter(({ before, node }) => before !== null && node !== null)
    .sort((left, right) => compareValues(left.id, right.id));
}
