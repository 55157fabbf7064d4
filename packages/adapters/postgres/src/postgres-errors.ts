/** From PostgreSQL's errors to `CrmError`s with logical names: by SQLSTATE, and by the names that the server gives beside it. */
import {
  CrmError,
  notUnique,
  type StorageSchema,
  stillReferencedByTable,
  type TableSchema,
  valueRefused,
} from "@relata/core/adapter";
import { type Namespace, type PartitionNames, placedName, wholeName } from "./namespace.ts";

/** Which database an error is about, and what its tables are called there. */
export interface ErrorContext {
  /** Host, port and name, without a user or a password. */
  readonly database: string;
  readonly schema: StorageSchema;
  readonly namespace: Namespace;
  /** Whether the CRM was opened for reading only. */
  readonly readOnly: boolean;
  /** Known when the storage is open. */
  partitionNames: PartitionNames;
}

/** What the driver tells of an error of the server (https://www.postgresql.org/docs/current/protocol-error-fields.html). */
export interface ServerError {
  readonly code: string;
  readonly message: string;
  readonly detail?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly constraint?: string | undefined;
  /** The function of the server that has failed: the same in every language. */
  readonly routine?: string | undefined;
}

/** Where the server checks rows that are written against policies. */
const POLICY_CHECK = "ExecWithCheckOptions";

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const SQLSTATE = {
  notNull: "23502",
  foreignKey: "23503",
  unique: "23505",
  check: "23514",
  inFailedTransaction: "25P02",
  noTransaction: "25P01",
  readOnly: "25006",
  idleTimeout: "25P03",
  noStatement: "26000",
  statementExists: "42P05",
  transactionTimeout: "25P04",
  serialization: "40001",
  deadlock: "40P01",
  privilege: "42501",
  noTable: "42P01",
  noColumn: "42703",
  noSchema: "3F000",
  noDatabase: "3D000",
  password: "28P01",
  authorization: "28000",
  diskFull: "53100",
  tooManyConnections: "53300",
  lockNotAvailable: "55P03",
  canceled: "57014",
} as const;

/** Of a statement that was sent: where the server has not answered, nobody knows whether it was carried out. */
export function translateError(error: unknown, context: ErrorContext): CrmError {
  if (CrmError.is(error)) return error;
  const told = brokenRule(error, context);
  if (told) return ruleError(told, error, context) ?? databaseError(told, error, context);
  const words = wordsOf(error);
  if (ENDED.test(words)) return transactionEnded(error);
  if (error instanceof TypeError || error instanceof RangeError)
    return new CrmError("storage_failed", `A statement could not be sent: ${words}.`, { cause: error });
  return connectionLost(context.database, words, error);
}

/** Of a connection that was to be made. */
export function translateConnectError(error: unknown, context: ErrorContext): CrmError {
  if (CrmError.is(error)) return error;
  const told = serverError(error);
  return told ? databaseError(told, error, context) : connectError(error, context);
}

/** What the server has told, of an error or of the cause of a translated one. */
function serverError(error: unknown): ServerError | undefined {
  if (CrmError.is(error)) return serverError(error.cause);
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return undefined;
  // The codes of Node's own errors are words.
  return /^[0-9A-Z]{5}$/.test(error.code) && "severity" in error ? (error as unknown as ServerError) : undefined;
}

/** The same, with the table and the rule themselves where the server has told those of a partition. */
export function brokenRule(error: unknown, { partitionNames }: ErrorContext): ServerError | undefined {
  const told = serverError(error);
  if (!told?.table || partitionNames.size === 0) return told;
  const { code, message, detail, column, routine } = told;
  return {
    code,
    message,
    detail,
    column,
    routine,
    table: wholeName(partitionNames, told.table),
    constraint: wholeName(partitionNames, told.constraint),
  };
}

export function isForeignKeyFailure(error: unknown): boolean {
  return serverError(error)?.code === SQLSTATE.foreignKey;
}

/** A value that its column cannot hold: the server does not say which column. */
export function isBadValue(error: unknown): boolean {
  return serverError(error)?.code.startsWith("22") === true;
}

export function isReadOnlyFailure(error: unknown): boolean {
  return serverError(error)?.code === SQLSTATE.readOnly;
}

/** Whether the reply to a statement may have been lost with the connection. */
export function isConnectionLoss(error: unknown): boolean {
  return CrmError.is(error, "storage_unavailable") && error.details.lost === true;
}

/** `details.steps` are not known here: the write that was sent says which record a reference names. */
function ruleError(told: ServerError, cause: unknown, { schema, namespace }: ErrorContext): CrmError | undefined {
  const table = [...schema.tables.values()].find(({ name }) => placedName(namespace, name) === told.table);
  if (!table) {
    const refers = told.code === SQLSTATE.foreignKey && told.table !== undefined;
    return refers ? stillReferencedByTable(told.table!, cause) : undefined;
  }
  switch (told.code) {
    case SQLSTATE.unique:
      return notUnique(table, ruleColumns(table, told.constraint, namespace), cause);
    case SQLSTATE.notNull:
      return valueRefused(table, told.column ?? "", { why: "must have a value", cause });
    case SQLSTATE.check: {
      const column = columnOf(table, told.constraint, namespace);
      return column === undefined
        ? undefined
        : valueRefused(table, column, { why: "has a value that is not among those allowed", cause });
    }
    case SQLSTATE.foreignKey:
      return new CrmError("reference_not_found", "A record would refer to one that does not exist.", { cause });
    default:
      return undefined;
  }
}

/** The columns of a unique rule; those of the key for all others. */
function ruleColumns(table: TableSchema, constraint: string | undefined, namespace: Namespace): readonly string[] {
  return table.indexes.find(({ name }) => placedName(namespace, name) === constraint)?.columns ?? table.primaryKey;
}

/** The column that a check or a foreign key is named after. */
export function columnOf(table: TableSchema, constraint: string | undefined, namespace: Namespace): string | undefined {
  return table.columns.find(({ name }) => placedName(namespace, `${table.name}.${name}`) === constraint)?.name;
}

function databaseError(told: ServerError, cause: unknown, context: ErrorContext): CrmError {
  const { database, namespace } = context;
  const failure = (code: string, message: string, retryable = false) =>
    new CrmError(code, message, { details: { database, sqlState: told.code }, retryable, cause });
  const words = told.message;
  const behindPooler = () =>
    failure(
      "storage_unavailable",
      `The connection to "${database}" does not keep its session, as behind a pooler: ${words}. Give postgres() the option pooler: "transaction", and a pool of your own no settings.`,
    );

  switch (told.code) {
    case SQLSTATE.serialization:
      return failure(
        "serialization_failed",
        "Another transaction has changed what this one has read. Run the whole transaction again.",
        true,
      );
    case SQLSTATE.deadlock:
      return failure(
        "deadlock",
        "Two transactions have waited for each other, and the database has ended this one. Run it again.",
        true,
      );
    case SQLSTATE.lockNotAvailable:
      return failure(
        "lock_timeout",
        `A lock in "${database}" was not to be had in time, because another transaction holds it. Try again.`,
        true,
      );
    case SQLSTATE.canceled:
      return failure(
        "statement_timeout",
        `The database "${database}" has ended a statement: ${words}. Allow it more time (statementTimeoutMs), or ask for less.`,
      );
    case SQLSTATE.noTransaction:
      return transactionEnded(cause);
    case SQLSTATE.inFailedTransaction:
      return failure("unit_failed", "A statement of this transaction has failed, so nothing of it can be kept.");
    case SQLSTATE.diskFull:
      return failure("storage_full", `The database "${database}" cannot grow: the disk is full. Nothing was written.`);
    case SQLSTATE.tooManyConnections:
      return failure(
        "storage_unavailable",
        `The server of "${database}" has no connection left: ${words}. Make the pools of all its clients smaller, or max_connections larger.`,
        true,
      );
    case SQLSTATE.password:
    case SQLSTATE.authorization:
      return failure(
        "storage_unavailable",
        `The server of "${database}" refuses the user: ${words}. Correct the user and the password.`,
      );
    case SQLSTATE.noDatabase:
      return failure(
        "storage_unavailable",
        `There is no such database: ${words}. Create it, or correct the name in the connection string.`,
      );
    case SQLSTATE.privilege:
      if (told.routine === POLICY_CHECK) {
        return failure("native_refused", `A row would be another tenant's than the handle's: ${words}.`);
      }
      return failure(
        "storage_unavailable",
        `The user of "${database}" lacks a right: ${words}. Grant it (the guide on PostgreSQL lists the rights).`,
      );
    case SQLSTATE.readOnly:
      if (context.readOnly) return writeRefused(context, cause);
      return failure(
        "storage_unavailable",
        `The database "${database}" only reads here: ${words}. Connect to the primary server, and not to a standby.`,
      );
    case SQLSTATE.noTable:
    case SQLSTATE.noSchema:
    case SQLSTATE.noColumn:
      return failure(
        "schema_mismatch",
        `The tables in "${database}", schema "${namespace.schema}", are not those of this CRM: ${words}. Open it once with migrate: "auto".`,
      );
    case SQLSTATE.noStatement:
    case SQLSTATE.statementExists:
      return behindPooler();
  }
  // What PgBouncer says to settings that it cannot carry.
  if (/startup parameter/.test(words)) return behindPooler();
  const ended: readonly string[] = [SQLSTATE.idleTimeout, SQLSTATE.transactionTimeout];
  if (told.code.startsWith("08") || told.code.startsWith("57P") || ended.includes(told.code))
    return connectionLost(database, words, cause);
  return failure("storage_failed", `The database "${database}" reported: ${words}.`);
}

/** How Kysely refuses a statement of a transaction that has ended. */
const ENDED = /^Transaction is already (committed|rolled back|aborted)/;

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What the driver and the network say. */
function connectError(error: unknown, { database }: ErrorContext): CrmError {
  const words = wordsOf(error);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const unreachable = (advice: string) =>
    new CrmError("storage_unavailable", `The server of "${database}" cannot be reached: ${words}. ${advice}`, {
      details: { database },
      retryable: code !== "ENOTFOUND",
      cause: error,
    });
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return unreachable("Correct the host's name.");
  if (code === "ECONNREFUSED") return unreachable("Start the server, or correct the host and the port.");
  if (code === "ETIMEDOUT" || /timeout/i.test(words)) return unreachable("Check the host, the port and the network.");
  if (/after calling end/.test(words)) {
    return new CrmError(
      "storage_unavailable",
      `The pool for "${database}" has been ended. Give postgres() an open one.`,
      {
        details: { database },
        cause: error,
      },
    );
  }
  if (/SASL|password/i.test(words)) {
    return new CrmError(
      "storage_unavailable",
      `The server of "${database}" asks for a password: ${words}. Give one in the connection string.`,
      { details: { database }, cause: error },
    );
  }
  return connectionLost(database, words, error);
}

export function connectionLost(database: string, words: string, cause: unknown): CrmError {
  return new CrmError("storage_unavailable", `The connection to "${database}" was lost: ${words}. Try again.`, {
    details: { database, lost: true },
    retryable: true,
    cause,
  });
}

export function transactionEnded(cause?: unknown): CrmError {
  return new CrmError("unit_closed", "The transaction has ended. Begin another one.", { cause });
}

/** A CRM that was opened for reading would write. */
export function writeRefused({ database }: ErrorContext, cause?: unknown): CrmError {
  return new CrmError(
    "read_only",
    `The CRM on "${database}" was opened with readOnly: true. Write with one that is opened on the primary server without it.`,
    { details: { database }, cause },
  );
}

export function storageClosed(database: string): CrmError {
  return new CrmError("storage_unavailable", `The storage on "${database}" has been closed.`, {
    details: { database },
  });
}

/** Every connection of the pool is taken, and none was given back in time. */
export function poolExhausted(
  database: string,
  waitedMs: number,
  { inUse, waiting }: { readonly inUse: number; readonly waiting: number },
): CrmError {
  return new CrmError(
    "unit_wait_timeout",
    `No connection to "${database}" became free within ${waitedMs} ms: all ${inUse} are in use, and ${waiting} calls wait. End transactions sooner, or make the pool larger. A call that is made inside of a transaction must use its handle (tx).`,
    { details: { database, waitedMs, inUse, waiting }, retryable: true },
  );
}

/** All sessions that a pooler has are in transactions. */
export function noSession(database: string, waitedMs: number): CrmError {
  return new CrmError(
    "unit_wait_timeout",
    `The pooler before "${database}" has given no session within ${waitedMs} ms: all are in transactions. End transactions sooner, or let the pooler have more sessions.`,
    { details: { database, waitedMs }, retryable: true },
  );
}

/** The connection was lost after a commit was sent, and before its answer came. */
export function outcomeUnknown(database: string, cause: unknown): CrmError {
  return new CrmError(
    "outcome_unknown",
    `The connection to "${database}" was lost while a transaction was being committed: it may or may not be in the database. Read what it was to write before you repeat it, or give units an idempotencyKey.`,
    { details: { database }, cause },
  );
}
