/** For tests: the CRM with everything on each storage, all that it holds as one map, and all that stands in its tables as text. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { StorageAdapter } from "@relata/core/adapter";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import pg from "pg";
import { describe, inject, onTestFinished } from "vitest";

/** A place for one database, that can be opened again and again. */
export interface Place {
  readonly storage: StorageAdapter;
  /** Every row of every table, each as one text that begins with the table's name; undefined in memory. */
  readonly rows?: () => Promise<readonly string[]>;
}

const onSqlite = async (): Promise<Place> => {
  const folder = mkdtempSync(join(tmpdir(), "relata-everything-"));
  const filename = join(folder, "crm.db");
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return { storage: sqlite({ filename, durability: "relaxed" }), rows: async () => rowsOfFile(filename) };
};

function rowsOfFile(filename: string): readonly string[] {
  const file = new DatabaseSync(filename, { readOnly: true });
  try {
    const tables = file.prepare("select name from sqlite_master where type = 'table'").all();
    return tables.flatMap(({ name }) =>
      file
        .prepare(`select * from "${name}"`)
        .all()
        .map((row) => `${name} ${JSON.stringify(row)}`),
    );
  } finally {
    file.close();
  }
}

async function rowsOfSchema(schema: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: inject("databaseUrl") });
  await client.connect();
  try {
    const tables = await client.query("select tablename from pg_tables where schemaname = $1", [schema]);
    const rows: string[] = [];
    for (const { tablename } of tables.rows) {
      const found = await client.query(`select row_to_json(t)::text as row from ${schema}."${tablename}" t`);
      rows.push(...found.rows.map(({ row }) => `${tablename} ${row}`));
    }
    return rows;
  } finally {
    await client.end();
  }
}

/** `schemas` says where the latest adapter was opened. */
function onPostgres(rowLevelSecurity: boolean): () => Promise<Place> {
  let schema = "";
  const leased = leasedSchemas(
    (place) => {
      schema = place.schema;
      return postgres({ ...place, ...(rowLevelSecurity ? { rowLevelSecurity } : {}) });
    },
    { appUser: rowLevelSecurity },
  );
  return async () => ({
    storage: leased((cleanUp) => onTestFinished(async () => void (await cleanUp()))),
    rows: () => rowsOfSchema(schema),
  });
}

const places = {
  memory: async (): Promise<Place> => ({ storage: memory() }),
  SQLite: onSqlite,
  PostgreSQL: onPostgres(false),
  "PostgreSQL with row-level security": onPostgres(true),
} as const;

export type StorageName = keyof typeof places;

/** The same tests on the storages named, each with the place of its own. */
export function onStorages(names: readonly StorageName[], register: (place: () => Promise<Place>) => void): void {
  describe.each(names)("on %s", { timeout: 120_000 }, (name) => register(places[name]));
}

interface Listed {
  iterate(query: object): AsyncIterable<{ readonly id: string }>;
}

export type Dump = ReadonlyMap<string, { readonly [field: string]: unknown }>;

/** All records of a handle, archived ones too, by "accounts <id>", without who wrote them last and when. */
export async function dumpOf(
  crm: object,
  { leaving = [] }: { readonly leaving?: readonly string[] } = {},
): Promise<Dump> {
  const dump = new Map<string, { readonly [field: string]: unknown }>();
  for (const plural in crm) {
    const repository = (crm as { readonly [name: string]: Partial<Listed> | undefined })[plural];
    if (!repository?.iterate || leaving.includes(plural)) continue;
    for await (const record of repository.iterate({ archived: "include" })) {
      const { version, updatedAt, updatedBy, ...rest } = record as { readonly [field: string]: unknown };
      dump.set(`${plural} ${record.id}`, rest);
    }
  }
  return dump;
}

/** What differs, one line each; none where all is the same. */
export function differences(before: Dump, after: Dump): readonly string[] {
  const told: string[] = [];
  for (const [name, was] of before) {
    const is = after.get(name);
    if (!is) told.push(`${name} is gone: ${JSON.stringify(was)}`);
    else
      for (const field of Object.keys(was))
        if (JSON.stringify(was[field]) !== JSON.stringify(is[field]))
          told.push(`${name} ${field}: ${JSON.stringify(was[field])} is ${JSON.stringify(is[field])}`);
  }
  for (const [name, is] of after) if (!before.has(name)) told.push(`${name} is new: ${JSON.stringify(is)}`);
  return told;
}

/** Each call is a millisecond later. */
export function tickingClock(start = "2026-06-15T10:00:00Z"): () => number {
  let now = Date.parse(start);
  return () => now++;
}
