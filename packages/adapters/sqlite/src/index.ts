/** Relata's storage on SQLite, through Node's built-in `node:sqlite`. */
export type { SqliteFile, SqliteHandle, SqliteNative, SqliteOptions } from "./sqlite-adapter.ts";
export { sqlite } from "./sqlite-adapter.ts";
