/** Keeps the paths of trees beside the records: whatever changes who stands under whom changes them in the same list of steps. */
import type { EntitySchema, KeptPaths } from "../entity/entity-schema.ts";
import type { RowChange } from "../event/effect.ts";
import type { Scope } from "../kernel.ts";
import { always } from "../storage/predicate.ts";
import type { Bindings, FindQuery, Row, TraverseQuery, WriteStep } from "../storage/query.ts";
import type { TableSchema } from "../storage/storage-schema.ts";
import { type IdKind, idKind, isCut, PATH_LIMIT, pathBelow, topPath } from "../storage/tree-path.ts";
import { circleInRecords, followParents } from "./derive-paths.ts";
import { circleError } from "./guard-trees.ts";
import { lockPaths } from "./lock-records.ts";
import { ID, layoutOf } from "./stored-row.ts";

/** A record that comes, goes or is put elsewhere. Null is the top; undefined, nowhere. */
interface Move {
  readonly id: string;
  readonly from: string | null | undefined;
  readonly to: string | null | undefined;
}

interface Tree extends KeptPaths {
  readonly scope: Scope;
  readonly changes: readonly RowChange[];
  readonly idKind: IdKind;
}

interface Changed {
  readonly entity: EntitySchema;
  readonly changes: readonly RowChange[];
}

/** The steps that belong to a write of these changes, for the same list. @throws `hierarchy_cycle`, naming the path. */
export async function pathSteps(scope: Scope, changed: readonly Changed[]): Promise<readonly WriteStep[]> {
  const steps: WriteStep[] = [];
  for (const { entity, changes } of changed) {
    for (const kept of entity.treePaths) {
      const moves = movesIn(entity, kept, changes);
      if (moves.length === 0) continue;
      const tree = { ...kept, scope: { ...scope, entity }, changes, idKind: idKind(entity.table) };
      steps.push(...(await stepsFor(tree, moves)));
    }
  }
  return steps;
}

function movesIn(entity: EntitySchema, { field }: KeptPaths, changes: readonly RowChange[]): readonly Move[] {
  const position = layoutOf(entity).positions.get(field.columns[0]!.name)!;
  const parentIn = (row: Row | undefined) => (row === undefined ? undefined : (row[position] as string | null));
  return changes.flatMap(({ before, after, as }): Move[] => {
    const from = as === "restored" ? undefined : parentIn(before);
    const to = parentIn(after);
    if (from === to || (from ?? null) === (to ?? null)) return [];
    return [{ id: (after ?? before)![ID] as string, from, to }];
  });
}

async function stepsFor(tree: Tree, moves: readonly Move[]): Promise<readonly WriteStep[]> {
  const gone = moves.filter(({ to }) => to === undefined);
  const fresh = moves.filter(({ from }) => from === undefined);
  const moved = moves.filter(({ from, to }) => from !== undefined && to !== undefined);
  await lockPaths(tree.scope, tree.field, {
    mode: moved.length > 0 ? "exclusive" : "shared",
    late: gone.length === moves.length,
  });
  const erased = erasePaths(tree, gone);
  if (moved.length === 0) return [...erased, ...(await placeAll(tree, fresh))];
  const above = await parentsAbove(tree, [...fresh, ...moved]);
  refuseCircles(tree, above, [...fresh, ...moved]);
  const around = moves.length === 1 ? moved.flatMap(({ id, from }) => [id, from ?? []].flat()) : [];
  const known = await pathsOf(tree, [...new Set([...around, ...above.keys()])]);
  const stale = staleAbove(tree, above, known);
  const [only] = moved;
  const steps =
    moves.length === 1 && stale.length === 0
      ? await moveOne(tree, only!, known)
      : await placeAll(tree, fresh, { moved, stale, gone, known });
  return [...erased, ...steps];
}

/** One record moves, and with it all that is below: the beginnings of their paths are replaced where they are. */
async function moveOne(tree: Tree, move: Move, known: ReadonlyMap<string, string>): Promise<readonly WriteStep[]> {
  const { id, from, to } = move;
  const pathOf = (each: string) => known.get(each) ?? topPath(each, tree.idKind);
  const own = topPath(id, tree.idKind);
  const before = pathOf(id);
  const above = to === null ? "" : pathOf(to!);
  const after = to === null ? own : pathBelow(above, own);
  const isStale = before !== (from === null ? own : pathBelow(pathOf(from!), own)) || above.startsWith(before);
  const isHidden = isCut(before) || isCut(above);
  if (isStale || isHidden || (after.length < before.length && (await hasCutBelow(tree, before))))
    return placeAll(tree, [], { moved: [move], known });
  const rebase: WriteStep = {
    kind: "rebase",
    table: tree.table.name,
    column: "path",
    from: before,
    to: after,
    limit: PATH_LIMIT,
  };
  if (from === null) return [rebase, ...insertPaths(tree, [[id, after]])];
  return to === null ? [...erasePaths(tree, [move]), rebase] : [rebase];
}

interface Placed {
  readonly moved?: readonly Move[];
  /** Those that stay where they are, and whose paths are wrong. */
  readonly stale?: readonly Move[];
  readonly gone?: readonly Move[];
  /** Of all new parents, and what is above them; read where it is not given. */
  readonly known?: ReadonlyMap<string, string>;
}

/** Of any number of records, and however deep: the paths of all of them, and of all below those that move, are made anew. */
async function placeAll(
  tree: Tree,
  fresh: readonly Move[],
  { moved = [], stale = [], gone = [], known }: Placed = {},
): Promise<readonly WriteStep[]> {
  const tops = [...stale, ...moved];
  const parents = new Map<string, string | null>(await parentsBelow(tree, tops));
  const taken = [...new Set([...parents.keys(), ...tops.map(({ id }) => id)])];
  for (const { id, to } of [...stale, ...fresh, ...moved]) parents.set(id, to!);
  const outside = [...new Set(parents.values())].filter((id): id is string => id !== null && !parents.has(id));
  const there = known ?? (await pathsOf(tree, outside));
  const paths = new Map(outside.map((id) => [id, there.get(id) ?? topPath(id, tree.idKind)]));
  const circle = followParents(parents, paths, { kind: tree.idKind });
  if (circle) throw wouldCircle(tree, circle);
  const lost = new Set(gone.map(({ id }) => id));
  const rows = [...parents]
    .filter(([id, parent]) => parent !== null && !lost.has(id))
    .map(([id]) => [id, paths.get(id)!] as const);
  return [
    ...erasePaths(
      tree,
      taken.map((id) => ({ id })),
    ),
    ...insertPaths(tree, rows),
  ];
}

/**
 * The references decide, and not the paths, which may be wrong where they were not kept for a time. @throws `hierarchy_cycle`, of a circle
 * that the moves would close, or of one that is there above the new parents.
 */
function refuseCircles(tree: Tree, above: ReadonlyMap<string, string | null>, moves: readonly Move[]): void {
  const parents = new Map(above);
  for (const { id, to } of moves) parents.set(id, to!);
  const ids = moves.map(({ id }) => id);
  const circle = followParents(parents, new Map(), { kind: tree.idKind, starts: ids });
  if (!circle) return;
  if (ids.some((id) => circle.includes(id))) throw wouldCircle(tree, circle);
  throw circleInRecords(
    { entity: tree.scope.entity, field: tree.field, tenantId: tree.scope.binding.tenantId },
    circle,
  );
}

function wouldCircle({ scope, field }: Tree, circle: readonly string[]): Error {
  return circleError({ entity: scope.entity.name, field: field.name }, circle);
}

/** Those of `above` whose paths are not as the references say. */
function staleAbove(
  tree: Tree,
  above: ReadonlyMap<string, string | null>,
  known: ReadonlyMap<string, string>,
): readonly Move[] {
  const right = new Map<string, string>();
  // A circle that the moves open leaves some without: theirs are made anew too.
  followParents(above, right, { kind: tree.idKind });
  const gone = new Set(tree.changes.flatMap(({ before, after }) => (after ? [] : [before![ID] as string])));
  return [...above].flatMap(([id, parent]) =>
    gone.has(id) || known.get(id) === (parent === null ? undefined : right.get(id))
      ? []
      : [{ id, from: parent, to: parent }],
  );
}

/** Of the new parents and all above them, as they stand now: in one statement for one, and in two for any number. */
async function parentsAbove(tree: Tree, moves: readonly Move[]): Promise<ReadonlyMap<string, string | null>> {
  const nearest = [...new Set(moves.flatMap(({ to }) => to ?? []))];
  if (nearest.length === 0) return new Map();
  const { table } = tree.scope.entity;
  const parent = tree.field.columns[0]!.name;
  const asked = { ...BY_ID, table, columns: ["id", parent] };
  const where = {
    kind: "tree",
    column: "id",
    table: table.name,
    parent,
    relation: "ancestors",
    root: 0,
    self: true,
  } as const;
  const rows =
    nearest.length === 1
      ? await find(tree, { ...asked, where }, [nearest[0]!])
      : await find(tree, asked, [await withAllAbove(tree, nearest)]);
  return new Map(rows.map(([id, above]) => [id as string, above as string | null]));
}

/** A walk tells each node once, but not every edge to it: those are read after it. */
async function withAllAbove(tree: Tree, ids: readonly string[]): Promise<readonly string[]> {
  const steps = await walk(tree, ids, "along");
  return [...ids, ...steps.map(([node]) => node as string)];
}

/** The records below those that move, with their parents, as they stand now. */
async function parentsBelow(tree: Tree, moved: readonly Move[]): Promise<readonly (readonly [string, string])[]> {
  if (moved.length === 0) return [];
  const steps = await walk(
    tree,
    moved.map(({ id }) => id),
    "against",
  );
  return steps.map(([node, , , before]) => [node as string, before as string] as const);
}

function walk(
  { scope: { kernel, binding, entity }, field }: Tree,
  start: readonly string[],
  direction: TraverseQuery["direction"],
): Promise<readonly Row[]> {
  const query: TraverseQuery = kernel.queries.intern({
    table: entity.table.name,
    from: "id",
    to: field.columns[0]!.name,
    direction,
    where: always,
    start: 0,
  });
  return kernel.units.session(binding.frame).traverse(query, { tenantId: binding.tenantId, params: [start] });
}

/** Of those that have a row. */
async function pathsOf(tree: Tree, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await find(tree, BY_ID, [ids]);
  return new Map(rows.map(([id, path]) => [id as string, path as string]));
}

async function hasCutBelow(tree: Tree, path: string): Promise<boolean> {
  return (await find(tree, CUT_BELOW, [path, "*", 1])).length > 0;
}

const BY_ID: Asked = {
  columns: ["id", "path"],
  where: { kind: "in", column: "id", values: 0 },
  orderBy: [{ column: "id", direction: "asc" }],
};

/** In the order of the index in which they are. */
const CUT_BELOW: Asked = {
  columns: ["id"],
  where: {
    kind: "and",
    of: [
      { kind: "text", column: "path", operator: "startsWith", value: 0 },
      { kind: "text", column: "path", operator: "endsWith", value: 1 },
    ],
  },
  orderBy: [
    { column: "path", direction: "asc" },
    { column: "id", direction: "asc" },
  ],
  limit: 2,
};

type Asked = Omit<FindQuery, "table" | "include"> & { readonly table?: Pick<TableSchema, "name"> };

function find(
  { scope: { kernel, binding }, table: paths }: Tree,
  { table = paths, ...asked }: Asked,
  params: Bindings["params"],
): Promise<readonly Row[]> {
  const query = kernel.queries.intern({ ...asked, table: table.name, include: [] });
  return kernel.units.session(binding.frame).find(query, { tenantId: binding.tenantId, params });
}

const COLUMNS = ["id", "version", "path"] as const;

export function insertPaths({ table }: KeptPaths, rows: readonly (readonly [string, string])[]): readonly WriteStep[] {
  if (rows.length === 0) return [];
  return [{ kind: "insert", table: table.name, columns: COLUMNS, rows: rows.map(([id, path]) => [id, 1, path]) }];
}

export function erasePaths({ table }: KeptPaths, gone: readonly { readonly id: string }[]): readonly WriteStep[] {
  return gone.length === 0 ? [] : [{ kind: "erase", table: table.name, ids: gone.map(({ id }) => id) }];
}
