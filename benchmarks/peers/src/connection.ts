/**
 * The benchmark's own look into a peer's file, through the SQLite library that the peer has it open with.
 *
 * Another library in the same process does not see its locks: the one that closes first takes itself for the last, and removes the
 * log that the other still writes.
 */
import { DatabaseSync } from "node:sqlite";
import BetterSqlite from "better-sqlite3";
import Libsql from "libsql";

export type SqliteLibrary = "node:sqlite" | "better-sqlite3" | "libsql";

export interface Connection {
  /** Runs one statement and gives its rows. */
  query(text: string): readonly object[];
  close(): void;
}

export function connectTo(filename: string, library: SqliteLibrary): Connection {
  if (library === "node:sqlite") {
    const database = new DatabaseSync(filename);
    return { query: (text) => database.prepare(text).all(), close: () => database.close() };
  }
  // Both have the same interface; libsql's types are of another version.
  const Database = library === "libsql" ? (Libsql as unknown as typeof BetterSqlite) : BetterSqlite;
  const database = new Database(filename);
  return {
    query(text) {
      const statement = database.prepare(text);
      if (statement.reader) return statement.all() as readonly object[];
      statement.run();
      return [];
    },
    close: () => database.close(),
  };
}

/** Copies the write-ahead log into the database, so that no turn pays for another; the peer keeps its cache. */
export function copyLog(filename: string, library: SqliteLibrary): void {
  const connection = connectTo(filename, library);
  connection.query("pragma wal_checkpoint(passive)");
  connection.close();
}
