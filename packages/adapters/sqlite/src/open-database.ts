/** Opening a database so that what is wrong with it is said at once, with the file's name. */
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { CrmError, type ShowStatement } from "@relata/core/adapter";
import { createConnection, type SqliteConnection } from "./sqlite-connection.ts";
import type { SqliteDatabase, SqliteDriver } from "./sqlite-driver.ts";
import { type ErrorContext, translateError } from "./sqlite-errors.ts";
import { whenFree } from "./when-free.ts";

export interface OpenOptions {
  readonly driver: SqliteDriver;
  /** ":memory:", or an absolute path. */
  readonly location: string;
  readonly synchronous: "full" | "normal";
  readonly waitTimeoutMs: number;
  readonly context: ErrorContext;
  readonly onQuery?: ShowStatement | undefined;
}

/** Pages of the write-ahead log after which it is copied to the file: four times SQLite's own, for fewer stalls of writers. */
const CHECKPOINT_PAGES = 4000;

/** The connection that writes. A file that does not exist is created; a folder is not. */
export async function openWriter(options: OpenOptions): Promise<SqliteConnection> {
  const { location, synchronous, waitTimeoutMs } = options;
  if (location === ":memory:") return connect(options, false);

  await checkPath(location);
  const connection = connect(options, false);
  try {
    await whenFree(waitTimeoutMs, () => useWriteAheadLog(connection, location));
    connection.exec(`pragma synchronous = ${synchronous}`);
    connection.exec(`pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    checkWritable(connection);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** A second connection to a file that is open already: it sees what is committed, and waits for no writer. */
export async function openReader(options: OpenOptions): Promise<SqliteConnection> {
  const connection = connect(options, true);
  try {
    await whenFree(options.waitTimeoutMs, () => connection.all("select count(*) from sqlite_schema"));
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function connect({ driver, location, context, onQuery }: OpenOptions, readOnly: boolean): SqliteConnection {
  return createConnection(opened(), context, onQuery);

  function opened(): SqliteDatabase {
    try {
      return driver.open(location, { readOnly });
    } catch (error) {
      throw translateError(error, context);
    }
  }
}

/** Asked of the file system and not by opening the file: closing it again would release the locks of other connections. */
async function checkPath(location: string): Promise<void> {
  const folder = dirname(location);
  const parent = await stat(folder).catch(() => undefined);
  if (!parent?.isDirectory()) {
    throw unavailable(
      location,
      `The folder "${folder}" does not exist. Create it, or correct the name of the database "${location}".`,
    );
  }
  const file = await stat(location).catch(() => undefined);
  if (file?.isDirectory()) throw unavailable(location, `"${location}" is a folder. Name a file in it.`);

  for (const path of file ? [location, folder] : [folder]) {
    await access(path, constants.R_OK | constants.W_OK).catch((cause: unknown) => {
      const message = `"${path}" cannot be written: it is read-only for this process. The database and its folder must be writable.`;
      throw unavailable(location, message, cause);
    });
  }
}

/** The first access to the file, so also the one that finds out whether it is a database at all, and whole. */
function useWriteAheadLog(connection: SqliteConnection, location: string): void {
  connection.all("select count(*) from sqlite_schema");
  const [[mode] = []] = connection.all("pragma journal_mode = wal");
  if (mode !== "wal") {
    throw unavailable(
      location,
      `"${location}" is on a file system that cannot hold a write-ahead log. Move it to a local disk.`,
    );
  }
}

/** SQLite opens what it may not write for reading, and says so at the first write only. */
function checkWritable(connection: SqliteConnection): void {
  try {
    connection.run("begin immediate");
    connection.run("rollback");
  } catch (error) {
    // Another connection is writing, so the file can be written.
    if (!CrmError.is(error, "storage_busy")) throw error;
  }
}

function unavailable(database: string, message: string, cause?: unknown): CrmError {
  return new CrmError("storage_unavailable", message, { details: { database }, cause });
}
