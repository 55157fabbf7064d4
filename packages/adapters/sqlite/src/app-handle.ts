/** Handles that the application has opened itself: what they must be, to be stored on or to be joined. */
import { realpathSync } from "node:fs";
import { CrmError, usingUnavailable } from "@relata/core/adapter";
import { adoptBetterSqlite3 } from "./better-sqlite3.ts";
import { adoptNodeSqlite } from "./node-sqlite.ts";
import type { SqliteDatabase } from "./sqlite-driver.ts";

/** For messages: the file, or that there is none. */
export function nameOf(database: SqliteDatabase): string {
  return database.location() ?? ":memory:";
}

/** @throws `storage_unavailable` for a handle that records cannot be kept on. */
export function adoptHandle(handle: unknown): SqliteDatabase {
  const database = adopt(handle);
  if (!database) {
    throw new CrmError(
      "storage_unavailable",
      "`database` must be an open handle: a DatabaseSync of node:sqlite, or a Database of better-sqlite3 13 or newer.",
    );
  }
  if (!database.isOpen) throw new CrmError("storage_unavailable", "The handle given as `database` is closed. Open it.");
  if (!checksReferences(database)) {
    throw new CrmError(
      "storage_unavailable",
      "The handle given as `database` does not check foreign keys. Both drivers do unless told otherwise.",
    );
  }
  return database;
}

/** @throws `using_unavailable` for what is not a handle on the writer's database with a transaction that can be joined. */
export function adoptTransaction(
  handle: unknown,
  { writer, location }: { readonly writer: SqliteDatabase; readonly location: string },
): SqliteDatabase {
  const database = adopt(handle);
  if (!database?.isOpen) throw usingUnavailable("it needs the open handle on which the transaction was begun.");
  if (handle !== writer.handle) {
    if (!isOnFile(database, location)) throw usingUnavailable(`the handle is not on the database "${location}".`);
    if (database.library !== writer.library) {
      throw usingUnavailable(
        "the handle is of another driver than the CRM's, and two in one process do not see each other's locks. Open the CRM with the handle's driver.",
      );
    }
  }
  if (!checksReferences(database)) throw usingUnavailable("the handle does not check foreign keys.");
  if (!database.isTransaction) throw usingUnavailable("none is open on the handle. Begin it first.");
  return database;
}

function adopt(handle: unknown): SqliteDatabase | undefined {
  return adoptNodeSqlite(handle) ?? adoptBetterSqlite3(handle);
}

function checksReferences(database: SqliteDatabase): boolean {
  const [row] = database.prepare("pragma foreign_keys").all() as [number][];
  return row?.[0] === 1;
}

function isOnFile(database: SqliteDatabase, location: string): boolean {
  const file = database.location();
  if (!file || location === ":memory:") return false;
  try {
    return realpathSync(file) === realpathSync(location);
  } catch {
    // One of them has been deleted meanwhile.
    return false;
  }
}
