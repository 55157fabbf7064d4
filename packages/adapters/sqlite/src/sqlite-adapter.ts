/** The SQLite adapter: one connection that writes, in turns, and for a file one that reads. */
import { resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import {
  CrmError,
  createHints,
  createTurnQueue,
  type EndTurn,
  type FindQuery,
  type NativeStatement,
  type Storage,
  type StorageAdapter,
  type StorageOptions,
  type TurnQueue,
  usingUnavailable,
} from "@relata/core/adapter";
import { createNative, createSqlEngine, nests } from "@relata/sql";
import type { Kysely } from "kysely";
import { adoptHandle, adoptTransaction, nameOf } from "./app-handle.ts";
import { type BetterSqlite3, type BetterSqlite3Database, betterSqlite3 } from "./better-sqlite3.ts";
import { nodeSqlite } from "./node-sqlite.ts";
import { openReader, openWriter } from "./open-database.ts";
import { createConnection, type SqliteConnection } from "./sqlite-connection.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";
import type { SqliteDatabase } from "./sqlite-driver.ts";
import { applicationBusy, isReadOnlyFailure, storageClosed } from "./sqlite-errors.ts";
import { createMigrator } from "./sqlite-migrator.ts";
import { findFigures, findRows, findSteps, findTenants, type SqliteSession } from "./sqlite-session.ts";
import { createTransaction } from "./sqlite-transaction.ts";
import { whenFree } from "./when-free.ts";
import { writeSteps } from "./write-steps.ts";

/** What `native()` gives: Kysely. It has a name of its own so that an application's declarations need not name Kysely. */
export interface SqliteNative<Tables> extends Kysely<Tables> {}

/** A file of its own, or a handle that the application has open. */
export type SqliteOptions = SqliteFile | SqliteHandle;

export interface SqliteFile {
  /** A path, relative to the working directory or absolute, or ":memory:". The file is created; its folder must exist. */
  readonly filename: string;
  /**
   * What a commit has survived when it returns. `full` (the default): also a power failure. `relaxed`: the end of the process, but
   * the last commits before a power failure or a crash of the operating system may be lost, though never in part; writes
   * are several times faster.
   */
  readonly durability?: "full" | "relaxed";
  /**
   * What opens the file: better-sqlite3 (`import Database from "better-sqlite3"`), or without it `node:sqlite`. Where the application has
   * the same file open itself it must be the application's driver: two drivers in one process do not see each other's locks.
   */
  readonly driver?: BetterSqlite3;
}

export interface SqliteHandle {
  /**
   * The application's own handle, of `node:sqlite` or of better-sqlite3. The CRM's tables stand beside its tables, settings of the connection stay as they are, and
   * closing the CRM leaves it open. While the application has a transaction open on it, calls that are not part of it
   * (`crm.using`) wait.
   */
  readonly database: DatabaseSync | BetterSqlite3Database;
}

/**
 * Stores everything in one SQLite file, or in memory. Other processes may use the file at the same time; a call that meets another's
 * lock waits for it, without blocking the event loop, up to the time limit for turns, and then fails with `storage_busy`.
 * `Tables` are the application's own, as Kysely describes tables: they type `native()`.
 *
 * @example
 * ```ts
 * import { createCrm } from "@relata/core";
 * import { sqlite } from "@relata/sqlite";
 *
 * const crm = await createCrm({ storage: sqlite({ filename: "crm.db" }) });
 * ```
 */
export function sqlite<Tables = unknown>(options: SqliteOptions): StorageAdapter<SqliteNative<Tables>> {
  return { name: "sqlite", open: (storageOptions) => openStorage<Tables>(options, storageOptions) };
}

interface Connections {
  /** The name of the database, for messages. */
  readonly database: string;
  readonly writer: SqliteConnection;
  /** Reads beside a writer, where the database can be opened twice. */
  readonly reader: SqliteConnection | undefined;
  /** The application's handle that the writer stands on. */
  readonly handle: object | undefined;
}

async function openStorage<Tables>(
  options: SqliteOptions,
  storageOptions: StorageOptions,
): Promise<Storage<SqliteNative<Tables>>> {
  const { schema, waitTimeoutMs, onQuery } = storageOptions;
  const { database, writer, reader, handle } = await connect(options, storageOptions);
  const engine = createSqlEngine({ schema, dialect: sqliteDialect });
  const session = { connection: writer, engine };
  const turns = createTurnQueue({ waitTimeoutMs });
  const joined = new WeakMap<object, object>();
  const connectTo = createConnections((on) => createConnection(on, { database, schema }, onQuery));
  let inUnit = false;
  let closing: Promise<void> | undefined;

  /** Not inside of a transaction that the application has begun on the same handle: it would share its fate unasked. */
  const free = <T>(work: () => T): T => {
    if (handle) {
      if (writer.isTransaction) throw applicationBusy(database);
      joined.delete(handle);
    }
    return work();
  };
  /** Alone on the writer's connection; the work may leave the turn to a transaction. */
  const inTurn = async <T>(work: () => T): Promise<Awaited<T>> => {
    if (closing) throw storageClosed(database);
    const endTurn = await turns.turn();
    try {
      return await whenFree(waitTimeoutMs, () => free(work));
    } finally {
      endTurn();
    }
  };
  const begin = async (): Promise<EndTurn> => {
    if (closing) throw storageClosed(database);
    const endTurn = await turns.turn();
    try {
      await whenFree(waitTimeoutMs, () => free(() => writer.run("begin immediate")));
    } catch (error) {
      endTurn();
      throw error;
    }
    inUnit = true;
    return () => {
      inUnit = false;
      endTurn();
    };
  };
  const readSession = reader && { connection: reader, engine };
  /** At once where no lock is in the way, without a turn of the microtask queue. */
  const read = <T>(work: (session: SqliteSession) => T, statements: "one" | "several"): Promise<Awaited<T>> => {
    if (!readSession) return inTurn(() => work(session));
    return whenFree(waitTimeoutMs, () => {
      if (closing) throw storageClosed(database);
      return statements === "one" ? work(readSession) : inSnapshot(readSession.connection, () => work(readSession));
    });
  };

  return {
    capabilities: { native: true, rowLevelSecurity: false, join: true, unitsInTurn: true, appReferences: true },
    native: (execute) => createNative<Tables>(sqliteDialect, execute),
    find: (query, bindings) => read((on) => findRows(on, query, bindings), statementsOf(query)),
    aggregate: (query, bindings) => read((on) => findFigures(on, query, bindings), "one"),
    traverse: (query, bindings) => read((on) => findSteps(on, query, bindings), "several"),
    tenants: (table) => read((on) => findTenants(on, table), "one"),
    now: () => Date.now(),
    settledAt: async () => undefined,
    ...createHints(),
    write: (tenantId, steps) =>
      inTurn(() => writer.labelled({ kind: "write", tenantId }, () => writeSteps(session, tenantId, steps))),
    execute: (tenantId, statement) =>
      read(({ connection }) => {
        const run = () => readOnly(connection, statement);
        return connection.labelled({ kind: "native", tenantId }, () => (reader ? run() : queryOnly(connection, run)));
      }, "one"),
    begin: async () => createTransaction(session, { endTurn: await begin() }),
    join(transaction) {
      if (closing) throw storageClosed(database);
      if (inUnit && transaction === handle)
        throw usingUnavailable("it is one of the CRM's own. Use the handle that crm.transaction gave.");
      const on = adoptTransaction(transaction, { writer: writer.database, location: database });
      if (joined.has(on.handle)) {
        throw usingUnavailable("another unit uses the handle. Tell that one first how its transaction ended.");
      }
      const connection = on.handle === handle ? writer : connectTo(on);
      const session = { connection, engine };
      joined.set(on.handle, session);
      const isCurrent = () => joined.get(on.handle) === session;
      return createTransaction(session, {
        isCurrent,
        endTurn() {
          if (isCurrent()) joined.delete(on.handle);
        },
      });
    },
    migrator: createMigrator({ session, begin }),
    close() {
      closing ??= closeInTurn(turns, () => {
        if (handle) return;
        try {
          reader?.close();
          // What another process still reads stays in the log, and is copied later.
          if (reader) writer.all("pragma wal_checkpoint(truncate)");
        } finally {
          writer.close();
        }
      });
      return closing;
    },
  };
}

async function connect(
  options: SqliteOptions,
  { schema, waitTimeoutMs, onQuery }: StorageOptions,
): Promise<Connections> {
  if ("database" in options) {
    const adopted = adoptHandle(options.database);
    const database = nameOf(adopted);
    const writer = createConnection(adopted, { database, schema }, onQuery);
    return { database, writer, reader: undefined, handle: adopted.handle };
  }
  if (options.filename === "") throw new CrmError("storage_unavailable", "The database has no name. Set `filename`.");
  const inMemory = options.filename === ":memory:";
  const database = inMemory ? options.filename : resolve(options.filename);
  const open = {
    driver: options.driver === undefined ? nodeSqlite : betterSqlite3(options.driver),
    location: database,
    synchronous: options.durability === "relaxed" ? ("normal" as const) : ("full" as const),
    waitTimeoutMs,
    context: { database, schema },
    onQuery,
  };
  const writer = await openWriter(open);
  const reader = inMemory
    ? undefined
    : await openReader(open).catch((error: unknown) => {
        writer.close();
        throw error;
      });
  return { database, writer, reader, handle: undefined };
}

/** One connection for each handle of the application's, so that what was prepared for a unit is there for the next one. */
function createConnections(connect: (database: SqliteDatabase) => SqliteConnection) {
  const kept = new WeakMap<object, SqliteConnection>();
  return (database: SqliteDatabase): SqliteConnection => {
    let connection = kept.get(database.handle);
    if (!connection?.database.isOpen) {
      connection = connect(database);
      kept.set(database.handle, connection);
    }
    return connection;
  };
}

function statementsOf(query: FindQuery): "one" | "several" {
  const isOne = query.include.length === 0 ? query.asOf === undefined : nests(sqliteDialect, query);
  return isOne ? "one" : "several";
}

/** All statements of `work` see the same rows. */
function inSnapshot<T>(reader: SqliteConnection, work: () => T): T {
  reader.run("begin");
  try {
    return work();
  } finally {
    if (reader.isTransaction) reader.run("commit");
  }
}

/** Outside of a unit a statement of the application's own has nothing to be undone with. */
function readOnly(connection: SqliteConnection, statement: NativeStatement) {
  try {
    return connection.execute(statement);
  } catch (error) {
    if (!isReadOnlyFailure(error)) throw error;
    throw new CrmError(
      "native_refused",
      "native() outside of a transaction only reads. Write with tx.native(), inside of crm.transaction.",
      { cause: error },
    );
  }
}

function queryOnly<T>(connection: SqliteConnection, work: () => T): T {
  connection.exec("pragma query_only = on");
  try {
    return work();
  } finally {
    connection.exec("pragma query_only = off");
  }
}

async function closeInTurn(turns: TurnQueue, close: () => void): Promise<void> {
  const endTurn = await turns.turnAtLast();
  try {
    close();
  } finally {
    endTurn();
  }
}
