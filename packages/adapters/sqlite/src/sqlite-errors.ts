/** From SQLite's errors to `CrmError`s with logical names: by result code, and by message only for the names in it. */
import { CrmError, notUnique, type StorageSchema, type TableSchema, valueRefused } from "@relata/core/adapter";

/** Which database an error is about. */
export interface ErrorContext {
  readonly database: string;
  readonly schema: StorageSchema;
}

/** Extended result codes (https://sqlite.org/rescode.html), which `node:sqlite` gives as numbers. */
const CONSTRAINT = {
  check: 275,
  foreignKey: 787,
  notNull: 1299,
  primaryKey: 1555,
  unique: 2067,
  dataType: 3091,
} as const;

/** Primary result codes: the low byte of an extended one. */
const PRIMARY = {
  error: 1,
  busy: 5,
  locked: 6,
  readOnly: 8,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const;

/** What better-sqlite3 calls them; of the names of other extended codes the first two words are those of the primary one. */
const NAMES: Readonly<Record<string, number>> = {
  SQLITE_CONSTRAINT_CHECK: CONSTRAINT.check,
  SQLITE_CONSTRAINT_FOREIGNKEY: CONSTRAINT.foreignKey,
  SQLITE_CONSTRAINT_NOTNULL: CONSTRAINT.notNull,
  SQLITE_CONSTRAINT_PRIMARYKEY: CONSTRAINT.primaryKey,
  SQLITE_CONSTRAINT_UNIQUE: CONSTRAINT.unique,
  SQLITE_CONSTRAINT_DATATYPE: CONSTRAINT.dataType,
  SQLITE_ERROR: PRIMARY.error,
  SQLITE_BUSY: PRIMARY.busy,
  SQLITE_LOCKED: PRIMARY.locked,
  SQLITE_READONLY: PRIMARY.readOnly,
  SQLITE_CORRUPT: PRIMARY.corrupt,
  SQLITE_FULL: PRIMARY.full,
  SQLITE_CANTOPEN: PRIMARY.cannotOpen,
  SQLITE_NOTADB: PRIMARY.notADatabase,
};

/** Of a result that is none of these. */
const OTHER = 0;

export function translateError(error: unknown, context: ErrorContext): CrmError {
  if (CrmError.is(error)) return error;
  const code = errorCode(error);
  if (code === undefined) return driverError(error, context);
  return constraintError(code, error, context.schema) ?? databaseError(code & 0xff, error, context);
}

/** Whether a (translated) error says that a reference is broken; SQLite does not say which. */
export function isForeignKeyFailure(error: unknown): boolean {
  return error instanceof Error && errorCode(error.cause) === CONSTRAINT.foreignKey;
}

/** Whether a (translated) error says that the connection may not write. */
export function isReadOnlyFailure(error: unknown): boolean {
  return error instanceof Error && ((errorCode(error.cause) ?? 0) & 0xff) === PRIMARY.readOnly;
}

/** The application has a transaction open on the handle that it shares with the CRM: it will end. */
export function applicationBusy(database: string): CrmError {
  return new CrmError(
    "storage_busy",
    `The application has begun a transaction on its handle of "${database}", and has not ended it. To take part in it, use the unit of crm.using.`,
    { details: { database }, retryable: true },
  );
}

function constraintError(code: number, error: unknown, schema: StorageSchema): CrmError | undefined {
  const names =
    messageOf(error)
      .split(/ constraint failed: | column /)
      .at(-1) ?? "";
  const [first, ...others] = names.split(", ").map((name) => splitName(name, schema));
  switch (code) {
    case CONSTRAINT.unique:
    case CONSTRAINT.primaryKey:
      return (
        first &&
        notUnique(
          first.table,
          [first, ...others].flatMap((name) => name?.column ?? []),
          error,
        )
      );
    case CONSTRAINT.notNull:
      return first && valueRefused(first.table, first.column, { why: "must have a value", cause: error });
    case CONSTRAINT.check:
      return (
        first &&
        valueRefused(first.table, first.column, { why: "has a value that is not among those allowed", cause: error })
      );
    case CONSTRAINT.dataType:
      return first && valueRefused(first.table, first.column, { why: "has a value of the wrong type", cause: error });
    case CONSTRAINT.foreignKey:
      return new CrmError("reference_not_found", "A record would refer to one that does not exist.", { cause: error });
    default:
      return undefined;
  }
}

function databaseError(primaryCode: number, error: unknown, { database }: ErrorContext): CrmError {
  const failure = (code: string, message: string, retryable = false) =>
    new CrmError(code, message, { details: { database }, retryable, cause: error });

  switch (primaryCode) {
    case PRIMARY.busy:
    case PRIMARY.locked:
      return failure("storage_busy", `The database "${database}" is locked by another connection. Try again.`, true);
    case PRIMARY.full:
      return failure("storage_full", `The database "${database}" cannot grow: the disk is full. Nothing was written.`);
    case PRIMARY.readOnly:
      return failure(
        "storage_unavailable",
        `The database "${database}" or its folder is read-only. Allow writing to both.`,
      );
    case PRIMARY.cannotOpen:
      return failure(
        "storage_unavailable",
        `The database "${database}" cannot be opened. Check the file and its folder.`,
      );
    case PRIMARY.notADatabase:
      return failure(
        "storage_corrupt",
        `"${database}" is not an SQLite database. It was left as it is; name another file.`,
      );
    case PRIMARY.corrupt:
      return failure(
        "storage_corrupt",
        `The database "${database}" is damaged. It was left as it is; restore it from a backup.`,
      );
    case PRIMARY.error:
      if (messageOf(error) === "integer overflow") {
        return failure("sum_overflow", "A sum leaves the range of what the database can add up exactly.");
      }
  }
  return failure("storage_failed", `The database "${database}" reported: ${messageOf(error)}.`);
}

/** What the driver itself refuses, before SQLite is asked. */
function driverError(error: unknown, { database }: ErrorContext): CrmError {
  const message = messageOf(error);
  if (isClosed(error, message)) return storageClosed(database, error);
  // better-sqlite3 lets nothing be written while rows of its `iterate()` are still to come.
  if (message.endsWith(" is busy executing a query")) return applicationReads(database, error);
  return new CrmError("storage_failed", `The database "${database}" cannot be used: ${message}.`, {
    details: { database },
    cause: error,
  });
}

function isClosed(error: unknown, message: string): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ERR_INVALID_STATE" || message === "The database connection is not open";
}

function applicationReads(database: string, cause: unknown): CrmError {
  return new CrmError(
    "storage_busy",
    `The application reads from its handle of "${database}" by iterate(), and has not come to the end. Read with all(), or to the end.`,
    { details: { database }, retryable: true, cause },
  );
}

export function storageClosed(database: string, cause?: unknown): CrmError {
  return new CrmError("storage_unavailable", `The database "${database}" has been closed.`, {
    details: { database },
    cause,
  });
}

/** "table.column", as SQLite's messages and the names of our checks have it. */
function splitName(
  name: string,
  schema: StorageSchema,
): { readonly table: TableSchema; readonly column: string } | undefined {
  const dot = name.indexOf(".");
  const table = schema.tables.get(name.slice(0, dot));
  return table && { table, column: name.slice(dot + 1) };
}

function errorCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("errcode" in error && typeof error.errcode === "number") return error.errcode;
  if (!("code" in error) || typeof error.code !== "string" || !/^(UNKNOWN_)?SQLITE_/.test(error.code)) return undefined;
  return NAMES[error.code] ?? NAMES[error.code.split("_", 2).join("_")] ?? OTHER;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
