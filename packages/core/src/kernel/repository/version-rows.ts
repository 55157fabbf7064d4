/** The versions of records that are in history. */
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import type { Predicate } from "../storage/predicate.ts";
import type { Row } from "../storage/query.ts";
import type { Storable } from "../storage/storage-schema.ts";
import { noHistory } from "./read-session.ts";
import { ID, layoutOf, versionOf } from "./stored-row.ts";

/** A row of the entity's layout that is over, and when and by whom it was ended. */
export interface EndedRow {
  readonly row: Row;
  readonly endedAt: number;
  readonly endedBy: string | null;
}

/** What comes back, by entity; what is referred to comes first. */
export type Returning = ReadonlyMap<EntitySchema, ReadonlyMap<string, EndedRow>>;

/** In the order of ids and versions. @throws `no_history`. */
export async function endedRows(
  { kernel, binding }: Scope,
  entity: EntitySchema,
  { where, params }: { readonly where: Predicate; readonly params: readonly (Storable | readonly Storable[])[] },
): Promise<readonly EndedRow[]> {
  if (!entity.history) throw noHistory(entity.name);
  const { columns } = layoutOf(entity);
  const query = kernel.queries.intern({
    table: entity.history.name,
    columns: [...columns, "ended_at", "ended_by"],
    where,
    orderBy: [
      { column: "id", direction: "asc" },
      { column: "version", direction: "asc" },
    ] as const,
    include: [],
  });
  const rows = await kernel.units.session(binding.frame).find(query, { tenantId: binding.tenantId, params });
  return rows.map((row) => ({
    row: row.slice(0, columns.length),
    endedAt: row[columns.length] as number,
    endedBy: row[columns.length + 1] as string | null,
  }));
}

/** The last version of each of these records that is in history; none for an entity without history. */
export async function lastVersions(scope: Scope, ids: readonly string[]): Promise<ReadonlyMap<string, EndedRow>> {
  if (ids.length === 0 || !scope.entity.history) return new Map();
  const where: Predicate = { kind: "in", column: "id", values: 0 };
  return lastOf(await endedRows(scope, scope.entity, { where, params: [ids] }));
}

export function lastOf(ended: readonly EndedRow[]): ReadonlyMap<string, EndedRow> {
  const last = new Map<string, EndedRow>();
  for (const each of ended) {
    const id = each.row[ID] as string;
    const known = last.get(id);
    if (!known || versionOf(known.row) < versionOf(each.row)) last.set(id, each);
  }
  return last;
}
