/**
 * What the benchmark itself does with SQLite files. A file that is open goes through the library that has it open: two libraries in one
 * process lose each other's locks.
 */
import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { type Driver, openDatabase } from "./open-database.ts";

/** Copies the write-ahead log into the database. The writer begins it anew, in the same place. */
export function copyLog(driver: Driver, filename: string): void {
  const database = openDatabase(driver, filename);
  database.prepare("pragma wal_checkpoint(passive)").all();
  database.close();
}

/** All rows of all tables but the adapter's own and the planner's, by their primary keys. */
export function rowsOf(driver: Driver, filename: string): unknown {
  const database = openDatabase(driver, filename);
  try {
    const names = database.prepare("select name from sqlite_schema where type = 'table' order by name").all();
    return (names as readonly { readonly name: string }[])
      .filter(({ name }) => !/^(sqlite|relata)_/.test(name))
      .map(({ name }) => [name, database.prepare(`select * from "${name}" order by 1, 2, 3`).all()]);
  } finally {
    database.close();
  }
}

export function sqliteVersion(): string {
  const database = new DatabaseSync(":memory:");
  const [row] = database.prepare("select sqlite_version() as version").all();
  database.close();
  return String(row!.version);
}

/** Of an installed package, by its manifest. */
export function versionOf(name: string): string {
  for (let folder = new URL(import.meta.resolve(name)); folder.pathname !== "/"; folder = new URL("..", folder)) {
    const manifest = new URL("package.json", folder);
    const found = nameAndVersion(manifest);
    if (found?.name === name) return found.version;
  }
  throw new Error(`${name} has no manifest`);
}

function nameAndVersion(manifest: URL): { readonly name: string; readonly version: string } | undefined {
  try {
    return JSON.parse(readFileSync(manifest, "utf8")) as { readonly name: string; readonly version: string };
  } catch {
    return undefined;
  }
}
