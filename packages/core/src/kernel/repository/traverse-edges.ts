/** traverse and path over records that are edges. */
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import type { Predicate } from "../storage/predicate.ts";
import type { TraverseQuery } from "../storage/query.ts";
import { type Compilation, invalidQuery, type Params, storedOperand } from "./compilation.ts";
import { andArchived, checkedLimit, compileFind } from "./compile-find.ts";
import { compileWhere } from "./compile-where.ts";
import { type EdgeEnds, edgeEnds, type Node, type StoredNodes } from "./edge-ends.ts";
import { refuseUnknown } from "./read-records.ts";
import { sendFind, sendTraverse } from "./read-session.ts";
import { ID } from "./stored-row.ts";
import { depthOf } from "./walk-tree.ts";

/** What is asked of the entity whose records are the edges. */
export interface EdgeRequest {
  readonly from?: unknown;
  readonly to?: unknown;
  readonly start?: unknown;
  readonly end?: unknown;
  readonly direction?: unknown;
  readonly depth?: unknown;
  readonly where?: unknown;
  readonly whereAgainst?: unknown;
  readonly validOn?: unknown;
  readonly archived?: unknown;
  readonly edges?: unknown;
  readonly limit?: unknown;
}

const OPTIONS = ["from", "to", "start", "direction", "depth", "where", "whereAgainst", "validOn", "archived"];

/** Each node that is reached, once. Nodes are ids or, over pairs of fields, records. */
export async function traverseEdges(scope: Scope, request: EdgeRequest): Promise<readonly object[]> {
  refuseUnknown(scope, request, [...OPTIONS, "edges", "limit"]);
  const { edges = true } = request;
  if (typeof edges !== "boolean") throw invalidQuery(scope.entity.name, "edges", "must be true or false");
  const params: Params = [];
  const ends = edgeEnds(scope, request.from, request.to);
  const limit =
    request.limit === undefined ? undefined : checkedLimit(scope.entity, request.limit, Number.MAX_SAFE_INTEGER);
  const walk = {
    ...edgeWalk(scope, request, { params, ends }),
    ...(edges ? {} : { edges }),
    ...(limit === undefined ? {} : { limit: params.push(limit) - 1 }),
  };
  const start = ends.stored("start", request.start);
  const steps = (await sendTraverse(scope, boundTo(walk, { ends, params, start }), params)).slice(0, limit);
  if (!edges)
    return ends.types
      ? steps.map(([id, depth, type]) => ({ node: ends.node(id as string, type as string), depth }))
      : steps.map(([id, depth]) => ({ id, depth }));
  if (!ends.types) return steps.map(([id, depth, edgeId, previousId]) => ({ id, depth, edgeId, previousId }));
  return steps.map(([id, depth, edgeId, previousId, type, previousType]) => ({
    node: ends.node(id as string, type as string),
    depth,
    edgeId,
    previous: ends.node(previousId as string, previousType as string),
  }));
}

/** The nodes from one of the starts to one of the ends, and the edges between them. */
export async function findShortestPath(
  scope: Scope,
  request: EdgeRequest,
): Promise<{ readonly nodes: readonly Node[]; readonly edges: readonly object[] } | undefined> {
  refuseUnknown(scope, request, [...OPTIONS, "end"]);
  const { kernel, entity } = scope;
  const params: Params = [];
  const ends = edgeEnds(scope, request.from, request.to);
  const walk = edgeWalk(scope, request, { params, ends });
  const start = ends.stored("start", request.start);
  const end = ends.stored("end", request.end);
  const common = firstCommon(start, end);
  if (common !== undefined) return { nodes: [nodeAt(ends, start, common)], edges: [] };
  const steps = await sendTraverse(scope, boundTo(walk, { ends, params, start, end }), params);
  const [first] = steps;
  if (!first) return undefined;
  const ids = steps.map(([, , edge]) => edge as string);
  const loading: Params = [];
  const find = { where: { id: { in: ids } }, archived: "include" };
  const { query: whole, decode } = compileFind({ schema: kernel.schema, entity, params: loading }, find);
  const rows = await sendFind(scope, whole, loading);
  const edges = new Map(rows.map((row) => [row[ID], decode(row)]));
  const nodes = steps.map(([id, , , , type]) => ends.node(id as string, type as string | undefined));
  return {
    nodes: [ends.node(first[3] as string, first[5] as string | undefined), ...nodes],
    edges: ids.map((id) => edges.get(id)!),
  };
}

type Walk = Omit<TraverseQuery, "start" | "end" | "types">;

/** All but where it begins and ends. */
function edgeWalk(
  scope: Scope,
  request: EdgeRequest,
  { params, ends }: { readonly params: Params; readonly ends: EdgeEnds },
): Walk {
  const { kernel, entity } = scope;
  const { direction = "along", whereAgainst } = request;
  if (direction !== "along" && direction !== "against" && direction !== "both")
    throw invalidQuery(entity.name, "direction", "must be along, against or both");
  if (whereAgainst !== undefined && direction !== "both")
    throw invalidQuery(entity.name, "whereAgainst", 'is for direction "both": use where');
  const at: Compilation = { schema: kernel.schema, entity, params };
  const valid = request.validOn === undefined ? [] : [compileWhere(at, validOn(entity, request.validOn))];
  const followed = (where: unknown): Predicate =>
    andArchived(entity, { kind: "and", of: [compileWhere(at, where), ...valid] }, request.archived);
  return {
    table: entity.table.name,
    ...ends.columns,
    direction,
    where: followed(request.where),
    ...(whereAgainst === undefined ? {} : { whereAgainst: followed(whereAgainst) }),
    ...depthOf(entity, request.depth, params),
  };
}

interface Bounds {
  readonly ends: EdgeEnds;
  readonly params: Params;
  readonly start: StoredNodes;
  readonly end?: StoredNodes;
}

function boundTo(walk: Walk, { ends, params, start, end }: Bounds): TraverseQuery {
  const bound = (values: Params[number]) => params.push(values) - 1;
  const [from, to] = [bound(start.ids), end && bound(end.ids)];
  const bounds = { start: from, ...(to === undefined ? {} : { end: to }) };
  if (!ends.types) return { ...walk, ...bounds };
  const ofEnd = end && bound(end.types!);
  const types = { ...ends.types, start: bound(start.types!), ...(ofEnd === undefined ? {} : { end: ofEnd }) };
  return { ...walk, ...bounds, types };
}

/** The place in the list of starts of the first node that is in both lists. */
function firstCommon(start: StoredNodes, end: StoredNodes): number | undefined {
  const keys = ({ ids, types }: StoredNodes) => ids.map((id, i) => JSON.stringify([types?.[i], id]));
  const last = new Set(keys(end));
  const place = keys(start).findIndex((key) => last.has(key));
  return place < 0 ? undefined : place;
}

function nodeAt(ends: EdgeEnds, { ids, types }: StoredNodes, place: number): Node {
  return ends.node(ids[place] as string, types?.[place] as string | undefined);
}

/** Both ends are included; what has none is open. */
function validOn(entity: EntitySchema, day: unknown): object {
  for (const name of ["validFrom", "validUntil"]) {
    if (entity.fields.get(name)?.definition.kind !== "date")
      throw invalidQuery(entity.name, "validOn", "needs the dates validFrom and validUntil on the entity");
  }
  storedOperand(entity, entity.fields.get("validFrom")!, { place: "validOn", value: day });
  return { not: { or: [{ validFrom: { gt: day } }, { validUntil: { lt: day } }] } };
}
