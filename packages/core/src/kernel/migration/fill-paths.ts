/** Fills in the paths of a tree that records are in already when its table is made, or kept again after a time in which it was not. */
import type { EntitySchema, KeptPaths } from "../entity/entity-schema.ts";
import { circleInRecords, derivePaths, storedPaths } from "../repository/derive-paths.ts";
import { erasePaths, insertPaths } from "../repository/tree-paths.ts";
import type { LiveSchema, MigrationStep } from "../storage/storage-adapter.ts";
import type { SchemaWork } from "./schema-work.ts";

const BATCH = 5_000;

/**
 * In the transaction that has made the tables, of all tenants. In a rehearsal it is only told. @throws `hierarchy_cycle` where records that exist go round in a
 * circle: nothing was changed.
 */
export async function fillPaths(
  work: SchemaWork,
  {
    before,
    steps,
    rehearsal,
  }: {
    /** The tables before the steps were taken. */
    readonly before: LiveSchema;
    readonly steps: readonly MigrationStep[];
    readonly rehearsal: boolean;
  },
): Promise<void> {
  const kinds: ReadonlySet<string> = new Set(["create_table", "set_meaning"]);
  const made = new Set(steps.flatMap(({ kind, table }) => (kinds.has(kind) ? [table.name] : [])));
  for (const entity of work.schema.entities.values()) {
    for (const kept of entity.treePaths) {
      const wasThere = before.tables.has(kept.table.name);
      if (!made.has(kept.table.name) || !(wasThere || before.tables.has(entity.table.name))) continue;
      // Those too that have only paths: their records were deleted meanwhile.
      const { transaction } = work;
      const stale = wasThere ? await transaction.tenants(kept.table.name) : [];
      const tenants = [...new Set([...(await transaction.tenants(entity.table.name)), ...stale])];
      if (tenants.length === 0) continue;
      if (!rehearsal) for (const tenantId of tenants) await fill(work, { entity, kept, tenantId });
      work.note({
        kind: "backfill",
        table: kept.table.name,
        entity: entity.name,
        description: `fill in the paths of ${entity.name}.${kept.field.name} of the records that exist`,
        risk: "safe",
      });
    }
  }
}

interface Filled {
  readonly entity: EntitySchema;
  readonly kept: KeptPaths;
  readonly tenantId: string;
}

async function fill({ transaction }: SchemaWork, { entity, kept, tenantId }: Filled): Promise<void> {
  const reading = { session: transaction, tenantId };
  const { paths, circles } = await derivePaths(reading, entity, kept);
  const [circle] = circles;
  if (circle) throw circleInRecords({ entity, field: kept.field, tenantId }, circle);
  const before = [...(await storedPaths(reading, kept)).keys()].map((id) => ({ id }));
  for (let at = 0; at < before.length; at += BATCH)
    await transaction.write(tenantId, erasePaths(kept, before.slice(at, at + BATCH)));
  const rows = [...paths];
  for (let at = 0; at < rows.length; at += BATCH)
    await transaction.write(tenantId, insertPaths(kept, rows.slice(at, at + BATCH)));
}
