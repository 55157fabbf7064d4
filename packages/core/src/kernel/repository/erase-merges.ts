/** What merges have left of records that are to be erased: the ones that they became, and what was dropped. */
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import type { Predicate } from "../storage/predicate.ts";
import type { Row } from "../storage/query.ts";
import { type DroppedRecords, MERGE } from "./merge.ts";
import { ID, layoutOf } from "./stored-row.ts";
import { currentRows } from "./write-scope.ts";

interface Merge {
  readonly id: string;
  readonly survivorId: string;
  readonly otherId: string;
  readonly dropped: DroppedRecords;
  readonly unmergedAt: Date | null;
}

export interface MergedAway {
  /** Records that were merged into those, and what was dropped: of these only history is left. */
  readonly records: readonly (readonly [EntitySchema, readonly string[]])[];
  /** The records of all these merges, which hold ids. */
  readonly merges: readonly string[];
}

/** Of these records, by entity. One query for each entity, and one more for each merge that was found. */
export async function mergedAway(
  scope: Scope,
  erased: ReadonlyMap<EntitySchema, ReadonlySet<string>>,
): Promise<MergedAway> {
  const { kernel } = scope;
  const records: (readonly [EntitySchema, readonly string[]])[] = [];
  const merges: string[] = [];
  for (const [entity, ids] of erased) {
    for (const { id, survivorId, otherId, dropped, unmergedAt } of await mergesOf(scope, entity, [...ids])) {
      merges.push(id);
      if (unmergedAt) continue;
      const gone = [{ entity: entity.name, ids: ids.has(survivorId) ? [otherId] : [] }, ...dropped];
      for (const { entity: name, ids: of } of gone) {
        const from = kernel.schema.entities.get(name);
        if (from && of.length > 0) records.push([from, await goneOf({ ...scope, entity: from }, of)]);
      }
    }
  }
  return { records, merges };
}

async function goneOf(scope: Scope, ids: readonly string[]): Promise<readonly string[]> {
  const current = await currentRows(scope, ids);
  return ids.filter((id) => !current.has(id));
}

async function mergesOf(scope: Scope, merged: EntitySchema, ids: readonly string[]): Promise<readonly Merge[]> {
  const { kernel, binding } = scope;
  const entity = kernel.schema.entities.get(MERGE)!;
  const among = (column: string): Predicate => ({ kind: "in", column, values: 1 });
  const where: Predicate = {
    kind: "and",
    of: [
      { kind: "compare", column: "entity_type", operator: "eq", value: 0 },
      { kind: "or", of: [among("survivor_id"), among("other_id")] },
    ],
  };
  const orderBy = [{ column: "id", direction: "asc" }] as const;
  const { columns, decode } = layoutOf(entity);
  const query = kernel.queries.intern({ table: entity.table.name, columns, where, orderBy, include: [] });
  const params = [merged.name, ids];
  const rows: readonly Row[] = await kernel.units
    .session(binding.frame)
    .find(query, { tenantId: binding.tenantId, params });
  return rows.map((row) => ({ ...(decode(row) as Merge), id: row[ID] as string }));
}
