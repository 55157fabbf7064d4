/** One connection of the driver: statements prepared once, values bound in one way, errors translated. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  type NativeResult,
  type NativeStatement,
  type ShownStatement,
  type ShowStatement,
  stopwatchMs,
} from "@relata/core/adapter";
import {
  type Conversation,
  controlsTransaction,
  converse,
  createLru,
  type RawRows,
  refuseTransaction,
} from "@relata/sql";
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
  /** A statement of the application's own. */
  execute(statement: NativeStatement): NativeResult;
  /** Says of the statements of `work` what they are for, to whoever is shown them. */
  labelled<T>(label: Label, work: () => T): T;
  /** Runs `work` with SQLite's protection of its own tables taken away. */
  unprotected<T>(work: () => T): T;
  close(): void;
}

export type Label = Pick<ShownStatement, "kind" | "tenantId">;

/** Shapes seen once must not pile up; an application has fewer than these in daily use. */
const STATEMENTS = 500;

export function createConnection(
  database: DatabaseSync,
  context: ErrorContext,
  onQuery?: ShowStatement,
): SqliteConnection {
  const show = onQuery && createShow(onQuery);
  const statements = createLru<StatementSync>(STATEMENTS);
  const natives = createLru<StatementSync>(STATEMENTS);

  const prepared = (sql: string) =>
    statements.getOrMake(sql, () => {
      const statement = database.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    });
  const translated = <T>(sql: string, work: () => T, rowsOf: (result: T) => number = () => 0): T => {
    try {
      return show ? show.statement(sql, work, rowsOf) : work();
    } catch (error) {
      throw translateError(error, context);
    }
  };
  const all = (sql: string, values: readonly unknown[]) =>
    translated(
      sql,
      // With setReturnArrays the driver gives arrays, which its types do not say.
      () => prepared(sql).all(...values.map(bind)) as unknown as RawRows,
      (rows) => rows.length,
    );
  const execute = ({ text, parameters }: NativeStatement): NativeResult => {
    const statement = natives.getOrMake(text, () => database.prepare(text));
    if (statement.columns().length > 0) return { rows: statement.all(...parameters.map(bind)) };
    const { changes, lastInsertRowid } = statement.run(...parameters.map(bind));
    return { rows: [], changed: Number(changes), insertedKey: BigInt(lastInsertRowid) };
  };

  return {
    get isTransaction() {
      return database.isOpen && database.isTransaction;
    },
    all: (sql, values = []) => all(sql, values),
    exec: (sql) => translated(sql, () => database.exec(sql)),
    run: (sql, values = []) =>
      translated(
        sql,
        () => Number(prepared(sql).run(...values.map(bind)).changes),
        (changes) => changes,
      ),
    execute(statement) {
      if (controlsTransaction(statement.text)) refuseTransaction();
      return translated(
        statement.text,
        () => execute(statement),
        ({ rows, changed }) => changed ?? rows.length,
      );
    },
    labelled: (label, work) => (show ? show.labelled(label, work) : work()),
    answer: (conversation) =>
      converse(conversation, ({ statement, values }) =>
        all(
          statement.sql,
          statement.slots.map((slot) => slot.read(values)),
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
    close() {
      try {
        database.close();
      } catch (error) {
        throw translateError(error, context);
      }
    },
  };
}

const CONTROL = /^(begin|commit|rollback|savepoint|release)\b/;

/** Everything here is synchronous, so that the label of a call is that of its statements. */
function createShow(onQuery: ShowStatement) {
  const opening: Label = { kind: "migrate", tenantId: undefined };
  let current = opening;

  return {
    labelled<T>(label: Label, work: () => T): T {
      const outer = current;
      current = label;
      try {
        return work();
      } finally {
        current = outer;
      }
    },
    statement<T>(text: string, work: () => T, rowsOf: (result: T) => number): T {
      const control = CONTROL.exec(text)?.[1] as Label["kind"] | undefined;
      const label = control ? { kind: control, tenantId: undefined } : current;
      const start = stopwatchMs();
      let rows = 0;
      let failed = true;
      try {
        const result = work();
        rows = control ? 0 : rowsOf(result);
        failed = false;
        return result;
      } finally {
        onQuery({ ...label, text, timeMs: stopwatchMs() - start, rows, failed });
      }
    },
  };
}
