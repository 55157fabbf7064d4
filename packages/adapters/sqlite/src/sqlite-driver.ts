/** What the adapter asks of a driver. There are two: Node's own `node:sqlite`, and better-sqlite3. */
import type { DriverValue } from "./bind.ts";

export interface SqliteDriver {
  /** ":memory:", or an absolute path. @throws what the driver throws. */
  open(location: string, options: { readonly readOnly: boolean }): SqliteDatabase;
}

/** A connection of a driver. What it throws is the driver's. */
export interface SqliteDatabase {
  /** The driver's own object. */
  readonly handle: object;
  /**
   * Equal for connections through the same copy of SQLite. Two copies in one process do not see each other's locks on a file: both write,
   * and one loses (https://sqlite.org/howtocorrupt.html#multiple_copies_of_sqlite_linked_into_the_same_application).
   */
  readonly library: unknown;
  /** False once it was closed, also where the handle has been opened again since: what was prepared is gone. */
  readonly isOpen: boolean;
  /** False when closed. */
  readonly isTransaction: boolean;
  /** The path of the file; undefined in memory and for a temporary one. */
  location(): string | undefined;
  /** A statement that gives rows as arrays: with both drivers these are made as fast as objects or faster. */
  prepare(sql: string): SqliteStatement;
  /** A statement of the application's own, that gives rows as objects. An integer beyond 2^53 fails it. */
  prepareNative(sql: string): SqliteNativeStatement;
  exec(sql: string): void;
  /** Whether SQLite keeps statements from writing to its own tables, as far as it does so at all. */
  protect(isProtected: boolean): void;
  close(): void;
}

/** The driver's own statement, with nothing around it. Values are spread: both drivers take them faster so than as one array. */
export interface SqliteStatement {
  all(...values: readonly DriverValue[]): unknown[];
  run(...values: readonly DriverValue[]): SqliteChanges;
}

export interface SqliteNativeStatement extends SqliteStatement {
  /** Whether it is to be run by `all`, and not by `run`. */
  readonly returnsRows: boolean;
  all(...values: readonly DriverValue[]): object[];
}

export interface SqliteChanges {
  readonly changes: number | bigint;
  readonly lastInsertRowid: number | bigint;
}
