/** Keeps the paths of trees beside the records: whatever changes who stands under whom changes them in the same list of steps. */
import type { EntitySchema, KeptPaths } from "../entity/entity-schema.ts";
import type { RowChange } from "../event/effect.ts";
import type { Scope } from "../kernel.ts";
import { always } from "../storage/predicate.ts";
import type { Bindings, FindQuery, Row, TraverseQuery, WriteStep } from "../storage/query.ts";
import { type IdKind, idKind, isCut, PATH_LIMIT, pathBelow, topPath } from "../storage/tree-path.ts";
import { followParents } from "./derive-paths.ts";
import { guardTree } from "./guard-trees.ts";
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
  const [only] = moved;
  const steps = moves.length === 1 && only ? await moveOne(tree, only) : await placeAll(tree, fresh, moved);
  return [...erasePaths(tree, gone), ...steps];
}

/** One record moves, and with it all that is below: the beginnings of their paths are replaced where they are. */
async function moveOne(tree: Tree, move: Move): Promise<readonly WriteStep[]> {
  const { id, from, to } = move;
  const known = await pathsOf(tree, [...(from === null ? [] : [id]), ...(to === null ? [] : [to!])]);
  const own = topPath(id, tree.idKind);
  const before = known.get(id) ?? own;
  const above = to === null ? "" : (known.get(to!) ?? topPath(to!, tree.idKind));
  const after = to === null ? own : pathBelow(above, own);
  const isHidden = isCut(before) || isCut(above) || (after.length < before.length && (await hasCutBelow(tree, before)));
  if (isHidden) return placeAll(tree, [], [move]);
  if (above.startsWith(before)) {
    await refuseCircle(tree);
    return placeAll(tree, [], [move]);
  }
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

/** Of any number of records, and however deep: the paths of all of them, and of all below those that move, are made anew. */
async function placeAll(tree: Tree, fresh: readonly Move[], moved: readonly Move[]): Promise<readonly WriteStep[]> {
  const parents = new Map<string, string | null>(await parentsBelow(tree, moved));
  const taken = [...new Set([...parents.keys(), ...moved.map(({ id }) => id)])];
  for (const { id, to } of [...fresh, ...moved]) parents.set(id, to!);
  const outside = [...new Set(parents.values())].filter((id): id is string => id !== null && !parents.has(id));
  const paths = await pathsOf(tree, outside);
  for (const id of outside) if (!paths.has(id)) paths.set(id, topPath(id, tree.idKind));
  if (followParents(parents, paths, tree.idKind)) await refuseCircle(tree);
  const rows = [...parents].filter(([, parent]) => parent !== null).map(([id]) => [id, paths.get(id)!] as const);
  return [
    ...erasePaths(
      tree,
      taken.map((id) => ({ id })),
    ),
    ...insertPaths(tree, rows),
  ];
}

/** The records below those that move, with their parents, as they stand now. */
async function parentsBelow(tree: Tree, moved: readonly Move[]): Promise<readonly (readonly [string, string])[]> {
  if (moved.length === 0) return [];
  const { kernel, binding, entity } = tree.scope;
  const query: TraverseQuery = kernel.queries.intern({
    table: entity.table.name,
    from: "id",
    to: tree.field.columns[0]!.name,
    direction: "against",
    where: always,
    start: 0,
  });
  const steps = await kernel.units
    .session(binding.frame)
    .traverse(query, { tenantId: binding.tenantId, params: [moved.map(({ id }) => id)] });
  return steps.map(([node, , , before]) => [node as string, before as string] as const);
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

type Asked = Omit<FindQuery, "table" | "include">;

function find(
  { scope: { kernel, binding }, table }: Tree,
  asked: Asked,
  params: Bindings["params"],
): Promise<readonly Row[]> {
  const query = kernel.queries.intern({ ...asked, table: table.name, include: [] });
  return kernel.units.session(binding.frame).find(query, { tenantId: binding.tenantId, params });
}

/** The records tell the circle, whatever the paths say. */
async function refuseCircle({ scope, field, changes }: Tree): Promise<void> {
  const changed = changes.flatMap(({ after }) => (after ? [{ id: after[ID] as string, row: after }] : []));
  await guardTree(scope, field, changed);
}

const COLUMNS = ["id", "version", "path"] as const;

export function insertPaths({ table }: KeptPaths, rows: readonly (readonly [string, string])[]): readonly WriteStep[] {
  if (rows.length === 0) return [];
  return [{ kind: "insert", table: table.name, columns: COLUMNS, rows: rows.map(([id, path]) => [id, 1, path]) }];
}

export function erasePaths({ table }: KeptPaths, gone: readonly { readonly id: string }[]): readonly WriteStep[] {
  return gone.length === 0 ? [] : [{ kind: "erase", table: table.name, ids: gone.map(({ id }) => id) }];
}
