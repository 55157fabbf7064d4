/** What the benchmark itself does with SQLite files. */
import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** Copies the write-ahead log into the database, and empties it. */
export function copyLog(filename: string): void {
  const database = new DatabaseSync(filename);
  database.exec("pragma wal_checkpoint(truncate)");
  database.close();
}

/** All rows of the tables, as they were written first. */
export function rowsOf(filename: string, tables: readonly string[]): unknown {
  const database = new DatabaseSync(filename, { readOnly: true });
  try {
    return tables.map((table) => database.prepare(`select * from "${table}" order by version, id`).all());
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
