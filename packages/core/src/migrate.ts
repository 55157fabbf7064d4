/** Migrations without a CRM in the end: for tools that show what would be done, or do it ahead of the application. */
import { type MigrationOptions, type OpenedCrm, open } from "./crm.ts";
import { type MigrationPlan, migrateAll } from "./kernel/migration/migrate-all.ts";
import { planSchema } from "./kernel/migration/migrate-schema.ts";

/**
 * What opening the same CRM with `migrate: "auto"` would do: each step with its risk and its statements, and what is left over in the
 * database that nothing declares any more. Everything is done in a transaction that is rolled back, and so waits for the lock and
 * takes its time; only backfills are not tried.
 *
 * @throws what `createCrm` throws.
 * @example
 * ```ts run
 * import { planMigrations } from "@relata/core";
 * import { memory } from "@relata/memory";
 *
 * const { steps, leftovers } = await planMigrations({ storage: memory() });
 * for (const { risk, description } of steps) console.log(risk, description);
 * console.log(steps.flatMap(({ sql }) => sql).join(";\n"), leftovers);
 * ```
 */
export async function planMigrations(options: MigrationOptions): Promise<MigrationPlan> {
  return withOpen(options, async ({ migration }) => {
    const { steps, leftovers } = await planSchema(migration);
    return { steps, leftovers };
  });
}

/** Applies what `planMigrations` lists, runs the backfills to their end, and closes the storage. Returns what was done. */
export async function runMigrations(options: MigrationOptions): Promise<MigrationPlan> {
  return withOpen(options, ({ kernel, migration }) => migrateAll({ kernel, migration, onProgress: options.onMigrate }));
}

async function withOpen<T>(options: MigrationOptions, work: (opened: OpenedCrm) => Promise<T>): Promise<T> {
  const opened = await open(options);
  try {
    return await work(opened);
  } finally {
    await opened.storage.close();
  }
}
