/** A connection with the settings that Relata's adapter gives its own. */
import { DatabaseSync } from "node:sqlite";

export interface ContestantOptions {
  /** A database of its own, with the same bytes as the others'. */
  readonly filename: string;
  readonly clock: () => number;
}

export function openDatabase(filename: string): DatabaseSync {
  const database = new DatabaseSync(filename, { enableForeignKeyConstraints: true });
  database.exec("pragma journal_mode = wal; pragma synchronous = normal; pragma wal_autocheckpoint = 4000");
  return database;
}
