/** Relata's storage on SQLite, through Node's built-in `node:sqlite` or through better-sqlite3. */
export type { BetterSqlite3, BetterSqlite3Database, BetterSqlite3Statement } from "./better-sqlite3.ts";
export type { SqliteFile, SqliteHandle, SqliteNative, SqliteOptions } from "./sqlite-adapter.ts";
export { sqlite } from "./sqlite-adapter.ts";
