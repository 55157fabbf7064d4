/** The SQLite adapter: one connection that writes, in turns, and for a file one that reads. */
import { resolve } from "node:path";
import {
  CrmError,
  createTurnQueue,
  type FindQuery,
  type Storage,
  type StorageAdapter,
  type StorageOptions,
  type TurnQueue,
} from "@relata/core/adapter";
import { type Conversation, createSqlEngine } from "@relata/sql";
import { openReader, openWriter } from "./open-database.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";
import { storageClosed } from "./sqlite-errors.ts";
import { createMigrator } from "./sqlite-migrator.ts";
import { createTransaction } from "./sqlite-transaction.ts";
import { whenFree } from "./when-free.ts";
import { writeSteps } from "./write-steps.ts";

export interface SqliteOptions {
  /** A path, relative to the working directory or absolute, or ":memory:". The file is created; its folder must exist. */
  readonly filename: string;
  /**
   * What a commit has survived when it returns. `full` (the default): also a power failure. `relaxed`: the end of the process, but
   * the last commits before a power failure or a crash of the operating system may be lost, though never in part; writes
   * are several times faster.
   */
  readonly durability?: "full" | "relaxed";
}

/**
 * Stores everything in one SQLite file, or in memory. Other processes may use the file at the same time; a call that meets another's
 * lock waits for it, without blocking the event loop, up to the time limit for turns, and then fails with `storage_busy`.
 *
 * @example
 * ```ts
 * import { createCrm } from "@relata/core";
 * import { sqlite } from "@relata/sqlite";
 *
 * const crm = await createCrm({ storage: sqlite({ filename: "crm.db" }) });
 * ```
 */
export function sqlite(options: SqliteOptions): StorageAdapter {
  return { name: "sqlite", open: (storageOptions) => openStorage(options, storageOptions) };
}

async function openStorage(options: SqliteOptions, { schema, waitTimeoutMs }: StorageOptions): Promise<Storage> {
  if (options.filename === "") throw new CrmError("storage_unavailable", "The database has no name. Set `filename`.");
  const inMemory = options.filename === ":memory:";
  const database = inMemory ? options.filename : resolve(options.filename);
  const open = {
    location: database,
    synchronous: options.durability === "relaxed" ? ("normal" as const) : ("full" as const),
    waitTimeoutMs,
    context: { database, schema },
  };
  const writer = await openWriter(open);
  const reader = inMemory
    ? undefined
    : await openReader(open).catch((error: unknown) => {
        writer.close();
        throw error;
      });
  const engine = createSqlEngine({ schema, dialect: sqliteDialect });
  const session = { connection: writer, engine };
  const turns = createTurnQueue({ waitTimeoutMs });
  let closing: Promise<void> | undefined;

  /** Alone on the writer's connection; the work may leave the turn to a transaction. */
  const inTurn = async <T>(work: () => T): Promise<T> => {
    if (closing) throw storageClosed(database);
    const endTurn = await turns.turn();
    try {
      return await whenFree(waitTimeoutMs, work);
    } finally {
      endTurn();
    }
  };
  const begin = async () => {
    if (closing) throw storageClosed(database);
    const endTurn = await turns.turn();
    try {
      await whenFree(waitTimeoutMs, () => writer.run("begin immediate"));
      return endTurn;
    } catch (error) {
      endTurn();
      throw error;
    }
  };
  const read = async <T>(conversation: () => Conversation<T>, statements: "one" | "several"): Promise<T> => {
    if (!reader) return inTurn(() => writer.answer(conversation()));
    if (closing) throw storageClosed(database);
    return whenFree(waitTimeoutMs, () => {
      return statements === "one" ? reader.answer(conversation()) : readSnapshot(reader, conversation());
    });
  };

  return {
    find: (query, bindings) => read(() => engine.find(query, bindings), statementsOf(query)),
    aggregate: (query, bindings) => read(() => engine.aggregate(query, bindings), "one"),
    tenants: (table) => read(() => engine.tenants(table), "one"),
    traverse: (query, bindings) => read(() => engine.traverse(query, bindings), "several"),
    write: (tenantId, steps) => inTurn(() => writeSteps(session, tenantId, steps)),
    begin: async () => createTransaction(session, await begin()),
    migrator: createMigrator({ session, begin }),
    close() {
      closing ??= closeInTurn(turns, writer, reader);
      return closing;
    },
  };
}

function statementsOf({ include, asOf }: FindQuery): "one" | "several" {
  return include.length === 0 && asOf === undefined ? "one" : "several";
}

/** All statements of the conversation see the same rows. */
function readSnapshot<T>(reader: SqliteConnection, conversation: Conversation<T>): T {
  reader.run("begin");
  try {
    return reader.answer(conversation);
  } finally {
    if (reader.isTransaction) reader.run("commit");
  }
}

async function closeInTurn(
  turns: TurnQueue,
  writer: SqliteConnection,
  reader: SqliteConnection | undefined,
): Promise<void> {
  const endTurn = await turns.turnAtLast();
  try {
    reader?.close();
    // What another process still reads stays in the log, and is copied later.
    if (reader) writer.all("pragma wal_checkpoint(truncate)");
  } finally {
    writer.close();
    endTurn();
  }
}
