/** The statements of one connection: prepared once, values bound in one way, errors translated. */
import type { NativeResult, NativeStatement } from "@relata/core/adapter";
import type { RawRows } from "@relata/sql";
import { bindAll } from "./bind.ts";
import type { SqliteDatabase } from "./sqlite-driver.ts";
import { type ErrorContext, translateError } from "./sqlite-errors.ts";
import { createStatementCache } from "./statement-cache.ts";

export interface SqliteStatements {
  all(sql: string, values?: readonly unknown[]): RawRows;
  /** For pragmas that take effect when they are compiled, and so must not be kept. */
  exec(sql: string): void;
  /** How many rows were changed. */
  run(sql: string, values?: readonly unknown[]): number;
  /** A statement of the application's own. */
  execute(statement: NativeStatement): NativeResult;
}

/** Shapes seen once must not pile up; an application has fewer than these in daily use. */
const STATEMENTS = 500;

export function createStatements(database: SqliteDatabase, context: ErrorContext): SqliteStatements {
  const prepared = createStatementCache(STATEMENTS, database.prepare);
  const preparedNative = createStatementCache(STATEMENTS, database.prepareNative);
  return {
    all(sql, values = []) {
      try {
        return prepared(sql).all(...bindAll(values)) as RawRows;
      } catch (error) {
        throw translateError(error, context);
      }
    },
    exec(sql) {
      try {
        database.exec(sql);
      } catch (error) {
        throw translateError(error, context);
      }
    },
    run(sql, values = []) {
      try {
        return Number(prepared(sql).run(...bindAll(values)).changes);
      } catch (error) {
        throw translateError(error, context);
      }
    },
    execute({ text, parameters }) {
      try {
        const statement = preparedNative(text);
        const values = bindAll(parameters);
        if (statement.returnsRows) return { rows: statement.all(...values) };
        const { changes, lastInsertRowid } = statement.run(...values);
        return { rows: [], changed: Number(changes), insertedKey: BigInt(lastInsertRowid) };
      } catch (error) {
        throw translateError(error, context);
      }
    },
  };
}
