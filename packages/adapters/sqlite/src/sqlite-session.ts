/** A connection, and the engine that writes the statements for it. */
import type { SqlEngine } from "@relata/sql";
import type { SqliteConnection } from "./sqlite-connection.ts";

export interface SqliteSession {
  readonly connection: SqliteConnection;
  readonly engine: SqlEngine;
}
