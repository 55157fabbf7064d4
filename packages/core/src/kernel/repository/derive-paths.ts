/** The paths of a tree as its records say they must be. */
import { CrmError } from "../../errors.ts";
import type { EntitySchema, FieldSchema, KeptPaths } from "../entity/entity-schema.ts";
import type { FindQuery, Row } from "../storage/query.ts";
import type { StorageSession } from "../storage/storage-adapter.ts";
import { type IdKind, idKind, pathBelow, topPath } from "../storage/tree-path.ts";

const PAGE = 5_000;

/** Where a path would begin that comes from a circle: no label has it. */
const ADRIFT = "!";

interface Reading {
  readonly session: Pick<StorageSession, "find">;
  readonly tenantId: string;
}

export interface Derived {
  /** Of every record of the tenant that has a parent, but for those in and below circles. */
  readonly paths: ReadonlyMap<string, string>;
  /** Ends where it starts, each of them. */
  readonly circles: readonly (readonly string[])[];
  /** Those in and below circles. */
  readonly adrift: ReadonlySet<string>;
}

export async function derivePaths(reading: Reading, entity: EntitySchema, { field }: KeptPaths): Promise<Derived> {
  const column = field.columns[0]!.name;
  const parents = new Map<string, string | null>();
  for await (const [id, parent] of allRows(reading, entity.table.name, [column]))
    if (parent !== null) parents.set(id as string, parent as string);
  const paths = new Map<string, string>();
  const circles: (readonly string[])[] = [];
  const kind = idKind(entity.table);
  for (let circle = followParents(parents, paths, { kind }); circle; circle = followParents(parents, paths, { kind })) {
    circles.push(circle);
    for (const id of circle) paths.set(id, ADRIFT);
  }
  const adrift = new Set([...paths].flatMap(([id, path]) => (path.startsWith(ADRIFT) ? [id] : [])));
  for (const id of paths.keys()) if (!parents.has(id) || adrift.has(id)) paths.delete(id);
  return { paths, circles, adrift };
}

interface TreeOfTenant {
  readonly entity: EntitySchema;
  readonly field: FieldSchema;
  readonly tenantId: string;
}

/** Of references that are stored already. */
export function circleInRecords({ entity, field, tenantId }: TreeOfTenant, circle: readonly string[]): CrmError {
  return new CrmError(
    "hierarchy_cycle",
    `${entity.name}.${field.name} comes back to its start in the records of tenant "${tenantId}": ${circle.join(" → ")}. Clear the reference of one of them.`,
    { details: { entity: entity.name, field: field.name, id: circle[0]!, path: circle } },
  );
}

/** As they are stored. */
export async function storedPaths(reading: Reading, { table }: KeptPaths): Promise<ReadonlyMap<string, string>> {
  const paths = new Map<string, string>();
  for await (const [id, path] of allRows(reading, table.name, ["path"])) paths.set(id as string, path as string);
  return paths;
}

/**
 * Adds to `paths` those of all that `parents` names, or of `starts` and what is above them; of a parent that is not in `parents` the path
 * is there already, or it has none above it. Returns a circle, if it comes to one, and is not done then.
 */
export function followParents(
  parents: ReadonlyMap<string, string | null>,
  paths: Map<string, string>,
  { kind, starts = parents.keys() }: { readonly kind: IdKind; readonly starts?: Iterable<string> },
): readonly string[] | undefined {
  for (const start of starts) {
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
