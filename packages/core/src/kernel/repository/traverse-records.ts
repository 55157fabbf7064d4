/** ancestors and descendants in a tree; traverse and path over records that are edges. */
import type { EntitySchema, FieldSchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import type { Predicate } from "../storage/predicate.ts";
import { always } from "../storage/predicate.ts";
import type { TraverseQuery } from "../storage/query.ts";
import { type Compilation, invalidQuery, type Params, storedOperand } from "./compilation.ts";
import { andArchived, compileFind, type FindRequest } from "./compile-find.ts";
import { targetOf, treeOf } from "./compile-tree.ts";
import { compileWhere } from "./compile-where.ts";
import { refuseUnknown } from "./read-records.ts";
import { sendFind, sendTraverse } from "./read-session.ts";
import { ID } from "./stored-row.ts";

interface TreeRequest extends FindRequest {
  readonly by?: unknown;
  readonly depth?: unknown;
}

/** The records above or below one, each with its distance, the nearest first. */
export async function walkTree(
  scope: Scope,
  id: unknown,
  { request, direction }: { readonly request: TreeRequest; readonly direction: "along" | "against" },
): Promise<readonly { readonly depth: number; readonly record: object }[]> {
  const { kernel, entity } = scope;
  refuseUnknown(scope, request, ["by", "depth", "include", "select", "archived"]);
  const { by, depth, ...find } = request;
  const tree = treeOf(entity, by, (problem) => invalidQuery(entity.name, "by", problem));
  const params: Params = [];
  const query: TraverseQuery = {
    table: entity.table.name,
    from: "id",
    to: tree.columns[0]!.name,
    direction,
    where: always,
    start: params.push([storedOperand(entity, entity.fields.get("id")!, { place: "id", value: id })[0]!]) - 1,
    ...depthOf(entity, depth, params),
  };
  const loading: Params = [];
  const { query: whole, decode } = compileFind({ schema: kernel.schema, entity, params: loading }, find);
  const steps = await sendTraverse(scope, query, params);
  const reached: Predicate = {
    kind: "in",
    column: "id",
    values: loading.push(steps.map(([node]) => node as string)) - 1,
  };
  const rows = await sendFind(scope, { ...whole, where: { kind: "and", of: [whole.where, reached] } }, loading);
  const records = new Map(rows.map((row) => [row[ID], decode(row)]));
  return steps.flatMap(([node, distance]) => {
    const record = records.get(node as string);
    return record ? [{ depth: distance as number, record }] : [];
  });
}

/** What `traverse` and `path` ask of the entity whose records are the edges. */
export interface EdgeRequest {
  readonly from?: unknown;
  readonly to?: unknown;
  readonly start?: unknown;
  readonly end?: unknown;
  readonly direction?: unknown;
  readonly depth?: unknown;
  readonly where?: unknown;
  readonly validOn?: unknown;
  readonly archived?: unknown;
}

const EDGE_OPTIONS = ["from", "to", "start", "direction", "depth", "where", "validOn", "archived"];

export async function traverseEdges(scope: Scope, request: EdgeRequest): Promise<readonly object[]> {
  refuseUnknown(scope, request, EDGE_OPTIONS);
  const params: Params = [];
  const { query, idOf } = edgeQuery(scope, request, params);
  const starts = Array.isArray(request.start) ? (request.start as readonly unknown[]) : [request.start];
  const start = params.push(starts.map((value) => idOf({ place: "start", value }))) - 1;
  const steps = await sendTraverse(scope, { ...query, start }, params);
  return steps.map(([id, depth, edgeId, previousId]) => ({ id, depth, edgeId, previousId }));
}

/** The nodes from start to end, and the edges between them. */
export async function findShortestPath(
  scope: Scope,
  request: EdgeRequest,
): Promise<{ readonly nodes: readonly string[]; readonly edges: readonly object[] } | undefined> {
  refuseUnknown(scope, request, [...EDGE_OPTIONS, "end"]);
  const { kernel, entity } = scope;
  const params: Params = [];
  const { query, idOf } = edgeQuery(scope, request, params);
  const first = idOf({ place: "start", value: request.start });
  const last = idOf({ place: "end", value: request.end });
  if (first === last) return { nodes: [first], edges: [] };
  const [start, end] = [params.push([first]) - 1, params.push([last]) - 1];
  const steps = await sendTraverse(scope, { ...query, start, end }, params);
  if (steps.length === 0) return undefined;
  const ids = steps.map(([, , edge]) => edge as string);
  const loading: Params = [];
  const find = { where: { id: { in: ids } }, archived: "include" };
  const { query: whole, decode } = compileFind({ schema: kernel.schema, entity, params: loading }, find);
  const rows = await sendFind(scope, whole, loading);
  const edges = new Map(rows.map((row) => [row[ID], decode(row)]));
  return { nodes: [first, ...steps.map(([id]) => id as string)], edges: ids.map((id) => edges.get(id)!) };
}

/** All but the ends, and what accepts the ids of the nodes. */
function edgeQuery(scope: Scope, request: EdgeRequest, params: Params) {
  const { kernel, entity } = scope;
  const { direction = "along" } = request;
  if (direction !== "along" && direction !== "against" && direction !== "both")
    throw invalidQuery(entity.name, "direction", "must be along, against or both");
  const at: Compilation = { schema: kernel.schema, entity, params };
  const [from, to] = [endOf(at, "from", request.from), endOf(at, "to", request.to)];
  if (targetOf(at, from) !== targetOf(at, to) || from === to)
    throw invalidQuery(entity.name, "to", `must be another reference to what ${from.name} refers to`);
  const valid = request.validOn === undefined ? [] : [compileWhere(at, validOn(entity, request.validOn))];
  const where: Predicate = { kind: "and", of: [compileWhere(at, request.where), ...valid] };
  const query: Omit<TraverseQuery, "start"> = {
    table: entity.table.name,
    from: from.columns[0]!.name,
    to: to.columns[0]!.name,
    direction,
    where: andArchived(entity, where, request.archived),
    ...depthOf(entity, request.depth, params),
  };
  const idOf = (given: { readonly place: string; readonly value: unknown }) =>
    storedOperand(entity, from, given)[0] as string;
  return { query, idOf };
}

function endOf({ entity }: Compilation, option: "from" | "to", name: unknown): FieldSchema {
  const field = entity.fields.get(name as string);
  if (field?.definition.kind === "reference") return field;
  throw invalidQuery(entity.name, option, "must name a reference");
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

function depthOf(entity: EntitySchema, depth: unknown, params: Params): { readonly depth?: number } {
  if (depth === undefined) return {};
  if (typeof depth !== "number" || !Number.isSafeInteger(depth) || depth < 1)
    throw invalidQuery(entity.name, "depth", "must be a whole number from 1");
  return { depth: params.push(depth) - 1 };
}
