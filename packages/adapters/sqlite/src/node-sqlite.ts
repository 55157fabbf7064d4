/** Node's built-in driver. */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { SqliteDatabase, SqliteDriver } from "./sqlite-driver.ts";
import { DRIVER_WAIT_MS } from "./when-free.ts";

export const nodeSqlite: SqliteDriver = {
  open: (location, { readOnly }) =>
    databaseOf(new DatabaseSync(location, { readOnly, timeout: DRIVER_WAIT_MS, enableForeignKeyConstraints: true })),
};

/** The application's own handle, if it is one of this driver's. */
export function adoptNodeSqlite(handle: unknown): SqliteDatabase | undefined {
  return handle instanceof DatabaseSync ? databaseOf(handle) : undefined;
}

function databaseOf(handle: DatabaseSync): SqliteDatabase {
  const lasting = handle.isOpen ? handle.prepare("select 1") : undefined;
  return {
    handle,
    library: DatabaseSync,
    get isOpen() {
      return lasting !== undefined && handle.isOpen && !isFinalized(lasting);
    },
    get isTransaction() {
      return handle.isOpen && handle.isTransaction;
    },
    location: () => handle.location() || undefined,
    prepare(sql) {
      const statement = handle.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    },
    prepareNative(sql) {
      const statement = handle.prepare(sql);
      return {
        returnsRows: statement.columns().length > 0,
        all: (...values) => statement.all(...values),
        run: (...values) => statement.run(...values),
      };
    },
    exec: (sql) => handle.exec(sql),
    // Before Node 24 there is no such protection.
    protect: (isProtected) => handle.enableDefensive?.(isProtected),
    close: () => handle.close(),
  };
}

/** As all statements of a handle are when it is closed, though it can be opened again. */
function isFinalized(statement: StatementSync): boolean {
  try {
    return statement.sourceSQL === undefined;
  } catch {
    return true;
  }
}
