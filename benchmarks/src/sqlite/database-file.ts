/** What the benchmark itself does with SQLite files. */
import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** Copies the write-ahead log into the database, and empties it. */
export function copyLog(filename: string): void {
  const database = new DatabaseSync(filename);
  database.exec("pragma wal_checkpoint(truncate)");
  database.close();
}

/** All rows of all tables but the adapter's own and the planner's, by their primary keys. */
export function rowsOf(filename: string): unknown {
  const database = new DatabaseSync(filename, { readOnly: true });
  try {
    const names = database.prepare("select name from sqlite_schema where type = 'table' order by name").all();
    return names
      .map(({ name }) => String(name))
      .filter((name) => !/^(sqlite|relata)_/.test(name))
      .map((name) => [name, database.prepare(`select * from "${name}" order by 1, 2, 3`).all()]);
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
