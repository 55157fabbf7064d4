/** One connection of the driver: statements prepared once, values bound in one way, errors translated. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type Conversation, converse, createLru, type RawRows } from "@relata/sql";
import { bind } from "./bind.ts";
import { type ErrorContext, translateError } from "./sqlite-errors.ts";

export interface SqliteConnection {
  /** False after an error that made SQLite roll back by itself. */
  readonly isTransaction: boolean;
  all(sql: string, values?: readonly unknown[]): RawRows;
  /** For pragmas that take effect when they are compiled, and so must not be kept. */
  exec(sql: string): void;
  /** How many rows were changed. */
  run(sql: string, values?: readonly unknown[]): number;
  /** Runs the statements of a query of the shared engine. */
  answer<T>(conversation: Conversation<T>): T;
  /** Runs `work` with SQLite's protection of its own tables taken away. */
  unprotected<T>(work: () => T): T;
  close(): void;
}

/** Shapes seen once must not pile up; an application has fewer than these in daily use. */
const STATEMENTS = 500;

export function createConnection(database: DatabaseSync, context: ErrorContext): SqliteConnection {
  const statements = createLru<StatementSync>(STATEMENTS);

  const prepared = (sql: string) =>
    statements.getOrMake(sql, () => {
      const statement = database.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    });
  const translated = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw translateError(error, context);
    }
  };
  // With setReturnArrays the driver gives arrays, which its types do not say.
  const all = (sql: string, values: readonly unknown[]) => prepared(sql).all(...values.map(bind)) as unknown as RawRows;

  return {
    get isTransaction() {
      return database.isOpen && database.isTransaction;
    },
    all: (sql, values = []) => translated(() => all(sql, values)),
    exec: (sql) => translated(() => database.exec(sql)),
    run: (sql, values = []) => translated(() => Number(prepared(sql).run(...values.map(bind)).changes)),
    answer: (conversation) =>
      converse(conversation, ({ statement, values }) =>
        translated(() =>
          all(
            statement.sql,
            statement.slots.map((slot) => slot.read(values)),
          ),
        ),
      ),
    unprotected(work) {
      // Before Node 24 there is no such protection to take away.
      database.enableDefensive?.(false);
      try {
        return work();
      } finally {
        database.enableDefensive?.(true);
      }
    },
    close: () => translated(() => database.close()),
  };
}
