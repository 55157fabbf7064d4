/** The paths of a tree as its records say they must be. */
import { CrmError } from "../../errors.ts";
import type { EntitySchema, KeptPaths } from "../entity/entity-schema.ts";
import type { FindQuery, Row } from "../storage/query.ts";
import type { StorageSession } from "../storage/storage-adapter.ts";
import { type IdKind, idKind, pathBelow, topPath } from "../storage/tree-path.ts";

const PAGE = 5_000;

interface Reading {
  readonly session: Pick<StorageSession, "find">;
  readonly tenantId: string;
}

/** Of every record of the tenant that has a parent. @throws `hierarchy_cycle`, naming one of the circles that are there. */
export async function derivePaths(
  reading: Reading,
  entity: EntitySchema,
  { field }: KeptPaths,
): Promise<ReadonlyMap<string, string>> {
  const column = field.columns[0]!.name;
  const parents = new Map<string, string | null>();
  for await (const [id, parent] of allRows(reading, entity.table.name, [column]))
    if (parent !== null) parents.set(id as string, parent as string);
  const paths = new Map<string, string>();
  const circle = followParents(parents, paths, idKind(entity.table));
  if (circle)
    throw new CrmError(
      "hierarchy_cycle",
      `${entity.name}.${field.name} comes back to its start in the records of tenant "${reading.tenantId}": ${circle.join(" → ")}. Clear the reference of one of them.`,
      { details: { entity: entity.name, field: field.name, id: circle[0]!, path: circle } },
    );
  for (const id of paths.keys()) if (!parents.has(id)) paths.delete(id);
  return paths;
}

/** As they are stored. */
export async function storedPaths(reading: Reading, { table }: KeptPaths): Promise<ReadonlyMap<string, string>> {
  const paths = new Map<string, string>();
  for await (const [id, path] of allRows(reading, table.name, ["path"])) paths.set(id as string, path as string);
  return paths;
}

/**
 * Adds to `paths` those of all that `parents` names; of a parent that is not in `parents` the path is there already, or it has none above
 * it. Returns a circle, if it comes to one, and is not done then.
 */
export function followParents(
  parents: ReadonlyMap<string, string | null>,
  paths: Map<string, string>,
  kind: IdKind,
): readonly string[] | undefined {
  for (const start of parents.keys()) {
    const way: string[] = [];
    const seen = new Set<string>();
    for (let id: string | null = start; id !== null && !paths.has(id); id = parents.get(id) ?? null) {
      if (seen.has(id)) return [...way.slice(way.indexOf(id)), id];
      seen.add(id);
      way.push(id);
    }
    for (const id of way.reverse()) {
      const parent = parents.get(id) ?? null;
      const own = topPath(id, kind);
      paths.set(id, parent === null ? own : pathBelow(paths.get(parent)!, own));
    }
  }
  return undefined;
}

/** The id and these columns of all rows, page by page. */
async function* allRows(
  { session, tenantId }: Reading,
  table: string,
  columns: readonly string[],
): AsyncGenerator<Row, undefined> {
  const first: FindQuery = {
    table,
    columns: ["id", ...columns],
    where: { kind: "and", of: [] },
    orderBy: [{ column: "id", direction: "asc" }],
    limit: 0,
    include: [],
  };
  const next: FindQuery = { ...first, after: [{ value: 1, isNull: false }] };
  let last: Row | undefined;
  do {
    const rows: readonly Row[] = last
      ? await session.find(next, { tenantId, params: [PAGE, last[0] as string] })
      : await session.find(first, { tenantId, params: [PAGE] });
    yield* rows;
    last = rows.length < PAGE ? undefined : rows.at(-1);
  } while (last);
  return undefined;
}
