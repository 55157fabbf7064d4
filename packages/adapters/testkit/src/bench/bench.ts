/** Where a fact is tried: fresh databases of the adapter under test, closed and cleaned up when the fact is done. */
import type { MigrationStep, Storage, StorageAdapter, StorageSchema } from "@relata/core/adapter";
import { createStore, type Given, type Store } from "./store.ts";

/**
 * Makes the adapter under test, over an empty database of its own at every call. `after` takes what is to be done when that
 * database has been closed.
 *
 * @example
 * ```ts
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { sqlite } from "@relata/sqlite";
 * import type { AdapterFactory } from "@relata/testkit";
 *
 * export const onFile: AdapterFactory = (after) => {
 *   const folder = mkdtempSync(join(tmpdir(), "relata-"));
 *   after(() => rmSync(folder, { recursive: true }));
 *   return sqlite({ filename: join(folder, "crm.db") });
 * };
 * ```
 */
export type AdapterFactory = (after: (cleanUp: () => unknown) => void) => StorageAdapter | Promise<StorageAdapter>;

interface BenchOptions {
  /** 5 seconds, when absent. */
  readonly waitTimeoutMs?: number;
}

export interface Bench {
  /** A database with the schema's tables and indexes, and with the given rows of the first tenant. */
  open(schema: StorageSchema, given?: Given, options?: BenchOptions): Promise<Store>;
  /** A database without tables. */
  openEmpty(schema: StorageSchema, options?: BenchOptions): Promise<Store>;
  /** Closes a database at once, for facts that open many. */
  close(store: Store): Promise<void>;
}

/** Tries one fact; closes whatever it has opened, also when it fails. */
export async function withBench<T>(factory: AdapterFactory, work: (bench: Bench) => Promise<T>): Promise<T> {
  const opened = new Set<Store>();
  const cleanUps: (() => unknown)[] = [];

  const openEmpty: Bench["openEmpty"] = async (schema, options = {}) => {
    const adapter = await factory((cleanUp) => cleanUps.push(cleanUp));
    const storage = await adapter.open({ schema, waitTimeoutMs: options.waitTimeoutMs ?? 5_000 });
    const store = createStore(storage, schema);
    opened.add(store);
    return store;
  };
  const open: Bench["open"] = async (schema, given = {}, options = {}) => {
    const store = await openEmpty(schema, options);
    await createTables(store.storage, schema);
    for (const [table, rows] of Object.entries(given)) await store.insert(table, rows);
    return store;
  };

  const close: Bench["close"] = async (store) => {
    opened.delete(store);
    await store.abandon();
    await store.storage.close();
  };

  try {
    return await work({ open, openEmpty, close });
  } finally {
    for (const store of opened) await close(store);
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  }
}

/** Creates the tables, and then the indexes, that the database lacks. */
async function createTables(storage: Storage, schema: StorageSchema): Promise<void> {
  const tables = [...schema.tables.values()];
  await storage.migrator.migrate((live) => {
    const missing = tables.filter((table) => !live.tables.has(table.name));
    return missing.map((table): MigrationStep => ({ kind: "create_table", table }));
  });
  await storage.migrator.migrate((live) => {
    return tables.flatMap((table) => {
      const lacking = table.indexes.filter((index) => !live.tables.get(table.name)?.indexes.has(index.name));
      return lacking.map((index): MigrationStep => ({ kind: "create_index", table, index }));
    });
  });
}
