/** Handles that the application has opened itself: what they must be, to be stored on or to be joined. */
import { realpathSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { CrmError, usingUnavailable } from "@relata/core/adapter";

/** For messages: the file, or that there is none. */
export function nameOf(database: DatabaseSync): string {
  return (database.isOpen ? database.location() : undefined) ?? ":memory:";
}

/** @throws `storage_unavailable` for a handle that records cannot be kept on. */
export function checkHandle(database: unknown): asserts database is DatabaseSync {
  if (!(database instanceof DatabaseSync))
    throw new CrmError("storage_unavailable", "`database` must be an open DatabaseSync of node:sqlite.");
  if (!database.isOpen) throw new CrmError("storage_unavailable", "The handle given as `database` is closed. Open it.");
  if (!checksReferences(database)) {
    throw new CrmError(
      "storage_unavailable",
      "The handle given as `database` does not check foreign keys. Open it with enableForeignKeyConstraints, which is the default.",
    );
  }
}

/** @throws `using_unavailable` for what is not a handle on `location` with a transaction that can be joined. */
export function checkTransaction(
  handle: unknown,
  { own, location }: { readonly own: DatabaseSync | undefined; readonly location: string },
): asserts handle is DatabaseSync {
  if (!(handle instanceof DatabaseSync) || !handle.isOpen)
    throw usingUnavailable("it needs the open DatabaseSync on which the transaction was begun.");
  if (handle !== own && !isOnFile(handle, location))
    throw usingUnavailable(`the handle is not on the database "${location}".`);
  if (!checksReferences(handle)) throw usingUnavailable("the handle does not check foreign keys.");
  if (!handle.isTransaction) throw usingUnavailable("none is open on the handle. Begin it first.");
}

function checksReferences(database: DatabaseSync): boolean {
  return database.prepare("pragma foreign_keys").get()?.foreign_keys === 1;
}

function isOnFile(handle: DatabaseSync, location: string): boolean {
  const file = handle.location();
  if (!file || location === ":memory:") return false;
  try {
    return realpathSync(file) === realpathSync(location);
  } catch {
    // One of them has been deleted meanwhile.
    return false;
  }
}
