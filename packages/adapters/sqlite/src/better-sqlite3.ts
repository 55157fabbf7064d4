/** better-sqlite3, which the application brings: its types are described here as far as they are used. */
import { CrmError } from "@relata/core/adapter";
import type { SqliteDatabase, SqliteDriver } from "./sqlite-driver.ts";
import { DRIVER_WAIT_MS } from "./when-free.ts";

/** What better-sqlite3 exports by default: `import Database from "better-sqlite3"`, version 13 or newer. */
export interface BetterSqlite3 {
  new (filename: string, options?: { readonly?: boolean; timeout?: number }): BetterSqlite3Database;
}

/** A handle of better-sqlite3. */
export interface BetterSqlite3Database {
  readonly open: boolean;
  readonly inTransaction: boolean;
  prepare(sql: string): BetterSqlite3Statement;
  exec(sql: string): unknown;
  unsafeMode(unsafe?: boolean): unknown;
  close(): unknown;
}

/** A statement of better-sqlite3. */
export interface BetterSqlite3Statement {
  readonly reader: boolean;
  all(...values: unknown[]): unknown[];
  run(...values: unknown[]): { changes: number; lastInsertRowid: number | bigint };
  raw(raw?: boolean): unknown;
  safeIntegers(safe?: boolean): unknown;
}

/** @throws `storage_unavailable` for what is not better-sqlite3's constructor. */
export function betterSqlite3(Database: BetterSqlite3): SqliteDriver {
  if (typeof Database !== "function" || !METHODS.every((name) => isMethod(Database.prototype, name))) {
    throw new CrmError(
      "storage_unavailable",
      '`driver` must be the Database of better-sqlite3 13 or newer: import Database from "better-sqlite3". For node:sqlite leave it out.',
    );
  }
  return {
    open(location, { readOnly }) {
      if (location !== location.trim()) {
        throw new CrmError(
          "storage_unavailable",
          `better-sqlite3 opens no file whose name ends in a space: "${location}". Name another file, or use node:sqlite.`,
        );
      }
      const handle = new Database(location, { readonly: readOnly, timeout: DRIVER_WAIT_MS });
      handle.exec("pragma foreign_keys = on");
      return databaseOf(handle);
    },
  };
}

/** The application's own handle, if it is one of this driver's, of a version that has what is needed. */
export function adoptBetterSqlite3(handle: unknown): SqliteDatabase | undefined {
  return isHandle(handle) ? databaseOf(handle) : undefined;
}

const METHODS = ["prepare", "exec", "unsafeMode", "close"] as const;

function isHandle(handle: unknown): handle is BetterSqlite3Database {
  if (!METHODS.every((name) => isMethod(handle, name))) return false;
  const { open, inTransaction } = handle as Partial<BetterSqlite3Database>;
  return typeof open === "boolean" && typeof inTransaction === "boolean";
}

function isMethod(owner: unknown, name: string): boolean {
  return typeof (owner as Record<string, unknown> | null | undefined)?.[name] === "function";
}

function databaseOf(handle: BetterSqlite3Database): SqliteDatabase {
  return {
    handle,
    // A function of the package: classes derived from its Database have it too.
    library: handle.unsafeMode,
    get isOpen() {
      return handle.open;
    },
    get isTransaction() {
      return handle.inTransaction;
    },
    location() {
      const databases = prepare(handle, "pragma database_list").all() as [number, string, string][];
      return databases.find(([, name]) => name === "main")?.[2] || undefined;
    },
    prepare: (sql) => prepare(handle, sql),
    prepareNative(sql) {
      const statement = handle.prepare(sql);
      statement.safeIntegers(true);
      return {
        returnsRows: statement.reader,
        all: (...values) => statement.all(...values).map(withNumbers),
        run: (...values) => statement.run(...values),
      };
    },
    exec: (sql) => void handle.exec(sql),
    protect: (isProtected) => void handle.unsafeMode(!isProtected),
    close: () => void handle.close(),
  };
}

/** Says what it needs, whatever the handle's statements have by themselves. */
function prepare(handle: BetterSqlite3Database, sql: string): BetterSqlite3Statement {
  const statement = handle.prepare(sql);
  if (statement.reader) statement.raw(true);
  statement.safeIntegers(false);
  return statement;
}

/** In the row itself: the driver would round an integer that is no safe one, without a word. */
function withNumbers(row: unknown): object {
  const values = row as Record<string, unknown>;
  for (const name of Object.keys(values)) {
    const value = values[name];
    if (typeof value !== "bigint") continue;
    const number = Number(value);
    if (!Number.isSafeInteger(number)) {
      throw new RangeError(`Value is too large to be represented as a JavaScript number: ${value}`);
    }
    values[name] = number;
  }
  return values;
}
