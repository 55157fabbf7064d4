/** One connection of a driver. */
import type { ShowStatement } from "@relata/core/adapter";
import { type Conversation, controlsTransaction, converse, type Request, refuseTransaction } from "@relata/sql";
import { createShownStatements, type Label } from "./shown-statements.ts";
import type { SqliteDatabase } from "./sqlite-driver.ts";
import { type ErrorContext, translateError } from "./sqlite-errors.ts";
import { createStatements, type SqliteStatements } from "./sqlite-statements.ts";

export interface SqliteConnection extends SqliteStatements {
  readonly database: SqliteDatabase;
  /** False after an error that made SQLite roll back by itself. */
  readonly isTransaction: boolean;
  /** Runs the statements of a query of the shared engine. */
  answer<T>(conversation: Conversation<T>): T;
  /** Says of the statements of `work` what they are for, to whoever is shown them. */
  labelled<T>(label: Label, work: () => T): T;
  /** Runs `work` with SQLite's protection of its own tables taken away. */
  unprotected<T>(work: () => T): T;
  close(): void;
}

export function createConnection(
  database: SqliteDatabase,
  context: ErrorContext,
  onQuery?: ShowStatement,
): SqliteConnection {
  const plain = createStatements(database, context);
  const shown = onQuery && createShownStatements(plain, onQuery);
  const { all, exec, run, execute } = shown ?? plain;
  const ask = ({ statement, values }: Request) =>
    all(
      statement.sql,
      statement.slots.map((slot) => slot.read(values)),
    );

  return {
    database,
    get isTransaction() {
      return database.isTransaction;
    },
    all,
    exec,
    run,
    execute(statement) {
      if (controlsTransaction(statement.text)) refuseTransaction();
      return execute(statement);
    },
    labelled: shown?.labelled ?? ((_, work) => work()),
    answer: (conversation) => converse(conversation, ask),
    unprotected(work) {
      // The application's own handle may be without the protection, and stays as it is.
      if (!isProtected({ all, exec })) return work();
      database.protect(false);
      try {
        return work();
      } finally {
        database.protect(true);
      }
    },
    close() {
      try {
        database.close();
      } catch (error) {
        throw translateError(error, context);
      }
    },
  };
}

/** SQLite passes over this pragma in silence while its own tables are protected. */
function isProtected({ all, exec }: Pick<SqliteStatements, "all" | "exec">): boolean {
  exec("pragma writable_schema = on");
  const [[writable] = []] = all("pragma writable_schema");
  exec("pragma writable_schema = off");
  return writable === 0;
}
