/** Transactions that change tables, under the lock for writing. */
import { type EndTurn, type Migrator, migrateAtOnce, type SchemaTransaction } from "@relata/core/adapter";
import { checkAppTables } from "./app-tables.ts";
import { applyStep } from "./apply-step.ts";
import { readLiveSchema } from "./live-schema.ts";
import { writePlannerStatistics } from "./planner-statistics.ts";
import { findTenants, type SqliteSession } from "./sqlite-session.ts";
import { createTransaction } from "./sqlite-transaction.ts";

export interface MigratorOptions {
  readonly session: SqliteSession;
  /** Waits for the lock, and begins a transaction that ends with the turn. */
  begin(): Promise<EndTurn>;
}

export function createMigrator({ session, begin }: MigratorOptions): Migrator {
  const { connection, engine } = session;
  const beginMigration = async (): Promise<SchemaTransaction> => {
    const { use, ...transaction } = createTransaction(session, { endTurn: await begin() });
    try {
      await use(() => checkAppTables(connection, engine.compiler.schema));
    } catch (error) {
      await transaction.rollback();
      throw error;
    }
    let changed = false;
    return {
      ...transaction,
      liveSchema: () => use(() => readLiveSchema(connection, engine.compiler.schema)),
      tenants: (table) => use(() => findTenants(session, table)),
      apply: (step) =>
        use(() => {
          changed = true;
          return applyStep(connection, engine.compiler, step);
        }),
      async commit() {
        if (changed) await use(() => writePlannerStatistics(connection, engine.compiler.schema));
        return transaction.commit();
      },
    };
  };
  return {
    columnType: (column) => engine.compiler.dialect.columnType(column),
    // Nobody else writes while a table is changed, so that nothing need be done apart.
    ahead: async () => [],
    begin: beginMigration,
    migrate: migrateAtOnce(beginMigration),
  };
}
