/** Keeps references that are declared a tree from coming back to their start. */
import { CrmError } from "../../errors.ts";
import type { FieldSchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import type { Row } from "../storage/query.ts";
import { ID, layoutOf } from "./stored-row.ts";
import { currentRows } from "./write-scope.ts";

/**
 * `changed` are rows as they are about to be. Trees whose paths are kept are left to `pathSteps`. @throws `hierarchy_cycle`, naming the path.
 */
export async function guardTrees(
  scope: Scope,
  changed: readonly { readonly id: string; readonly row: Row }[],
): Promise<void> {
  const { trees, treePaths } = scope.entity;
  for (const field of trees)
    if (treePaths.every((kept) => kept.field !== field)) await guardTree(scope, field, changed);
}

/** The same for one tree. */
async function guardTree(
  scope: Scope,
  field: FieldSchema,
  changed: readonly { readonly id: string; readonly row: Row }[],
): Promise<void> {
  const position = layoutOf(scope.entity).positions.get(field.columns[0]!.name)!;
  const parents = new Map<string, string | null>(changed.map(({ id, row }) => [id, row[position] as string | null]));
  await loadAncestors(scope, parents, position);
  for (const { id } of changed) refuseCycle({ entity: scope.entity.name, field: field.name }, parents, id);
}

/** Adds the parent of every ancestor, one query for each level. */
async function loadAncestors(scope: Scope, parents: Map<string, string | null>, position: number): Promise<void> {
  for (;;) {
    const unknown = [...new Set(parents.values())].filter((id): id is string => id !== null && !parents.has(id));
    if (unknown.length === 0) return;
    const rows = await currentRows(scope, unknown);
    for (const id of unknown) parents.set(id, (rows.get(id)?.[position] as string | undefined) ?? null);
  }
}

/** Where one of two records stands to the other in a tree: above it, below it, or on another branch (undefined). */
export async function treePosition(
  scope: Scope,
  field: FieldSchema,
  { survivor, other }: { readonly survivor: Row; readonly other: Row },
): Promise<"above" | "below" | undefined> {
  const position = layoutOf(scope.entity).positions.get(field.columns[0]!.name)!;
  const rows = [survivor, other];
  const parents = new Map(rows.map((row) => [row[ID] as string, row[position] as string | null]));
  await loadAncestors(scope, parents, position);
  const isBelow = (row: Row, top: Row) => {
    let id = parents.get(row[ID] as string) ?? null;
    for (let steps = 0; id !== null && id !== top[ID] && steps <= parents.size; steps++) id = parents.get(id) ?? null;
    return id === top[ID];
  };
  if (isBelow(survivor, other)) return "below";
  return isBelow(other, survivor) ? "above" : undefined;
}

function refuseCycle(
  { entity, field }: { readonly entity: string; readonly field: string },
  parents: ReadonlyMap<string, string | null>,
  start: string,
): void {
  const path = [start];
  for (let id = parents.get(start) ?? null; id !== null; id = parents.get(id) ?? null) {
    path.push(id);
    if (id === start) throw circleError({ entity, field }, path);
    if (path.length > parents.size + 1) return;
  }
}

/** `path` ends where it starts. */
export function circleError(
  { entity, field }: { readonly entity: string; readonly field: string },
  path: readonly string[],
): CrmError {
  return new CrmError("hierarchy_cycle", `${entity}.${field} would make a circle: ${path.join(" → ")}.`, {
    details: { entity, field, id: path[0]!, path },
  });
}
