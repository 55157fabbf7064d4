/** A migration from its first step to its last: the tables, then the backfills, and after each of these what it drops. */
import type { Kernel } from "../kernel.ts";
import type { Leftover } from "./leftovers.ts";
import { finishMigration, migrateSchema, type SchemaMigration } from "./migrate-schema.ts";
import type { MigrationProgress } from "./run-backfill.ts";
import type { PlannedStep } from "./schema-work.ts";

/** Steps in order, and what is in the database that nothing declares any more. */
export interface MigrationPlan {
  readonly steps: readonly PlannedStep[];
  readonly leftovers: readonly Leftover[];
}

export interface MigrateOptions {
  readonly kernel: Kernel;
  readonly migration: SchemaMigration;
  readonly onProgress: ((progress: MigrationProgress) => void) | undefined;
}

/** Returns what was done. */
export async function migrateAll({ kernel, migration, onProgress }: MigrateOptions): Promise<MigrationPlan> {
  const { steps, leftovers, unfinished } = await migrateSchema(migration);
  const ended: PlannedStep[] = [];
  for (const shipped of unfinished) {
    const { runBackfill } = await import("../later.ts");
    await runBackfill({
      kernel,
      storage: migration.storage,
      shipped,
      onProgress: (progress) => onProgress?.(progress),
    });
    ended.push(...(await finishMigration(migration, shipped)));
  }
  return { steps: [...steps, ...ended], leftovers };
}
