/** Fills in the paths of a tree that records are in already when its table is made. */
import type { EntitySchema, KeptPaths } from "../entity/entity-schema.ts";
import { derivePaths } from "../repository/derive-paths.ts";
import { insertPaths } from "../repository/tree-paths.ts";
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
  const made = new Set(steps.flatMap((step) => (step.kind === "create_table" ? [step.table.name] : [])));
  for (const entity of work.schema.entities.values()) {
    for (const kept of entity.treePaths) {
      if (!made.has(kept.table.name) || !before.tables.has(entity.table.name)) continue;
      const tenants = await work.transaction.tenants(entity.table.name);
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
  const paths = [...(await derivePaths({ session: transaction, tenantId }, entity, kept))];
  for (let at = 0; at < paths.length; at += BATCH)
    await transaction.write(tenantId, insertPaths(kept, paths.slice(at, at + BATCH)));
}
