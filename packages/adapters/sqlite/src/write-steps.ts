/** Sends a list of steps so that all of it is written or nothing, inside of a transaction and outside. */
import { guardFailed, type WriteStep } from "@relata/core/adapter";
import { erasedValues, guardedValues, insertValues, keptValues } from "@relata/sql";
import { findBrokenReference } from "./broken-reference.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";
import { isForeignKeyFailure } from "./sqlite-errors.ts";
import type { SqliteSession } from "./sqlite-session.ts";

/**
 * References are checked when the list ends, so that its rows may come in any order: SQLite checks them with each row, which nearly
 * always does, and costs nothing more. Where it does not, the list is sent again with the check put off, and the references of
 * its rows are then looked up; that also finds out which reference is broken, as SQLite does not say.
 *
 * @throws `CrmError`; nothing was written. With `storage_busy` nothing was even tried, which happens outside of a transaction only.
 */
export function writeSteps(session: SqliteSession, tenantId: string, steps: readonly WriteStep[]): void {
  const { connection } = session;
  const send = () => {
    for (const step of steps) sendStep(session, tenantId, step);
  };
  try {
    if (isOneStatement(session, steps)) send();
    else atomically(connection, send);
  } catch (error) {
    if (!isForeignKeyFailure(error)) throw error;
    sendWithDeferredCheck(connection, () => {
      send();
      const broken = findBrokenReference(session, { tenantId, steps, cause: error });
      if (broken) throw broken;
    });
  }
}

/** A statement alone is a transaction of its own. */
function isOneStatement({ engine }: SqliteSession, steps: readonly WriteStep[]): boolean {
  const [step, ...others] = steps;
  if (!step || others.length > 0 || step.kind === "forbid" || step.kind === "erase") return false;
  return step.rows.length <= 1 && engine.write(step).history === undefined;
}

function sendWithDeferredCheck(connection: SqliteConnection, work: () => void): void {
  try {
    atomically(connection, () => {
      connection.exec("pragma defer_foreign_keys = on");
      work();
    });
  } finally {
    // The end of a transaction would put this back too, but keep the statements that were compiled meanwhile: these fail on a broken
    // reference without undoing their row. The pragma has all statements compiled anew.
    connection.exec("pragma defer_foreign_keys = off");
  }
}

function sendStep({ connection, engine }: SqliteSession, tenantId: string, step: WriteStep): void {
  if (step.kind === "forbid") {
    const found = connection.answer(engine.forbidden(tenantId, step));
    const table = engine.compiler.schema.tables.get(step.table);
    if (table && found.length > 0) throw guardFailed(table, found, step.reason);
    return;
  }
  const { sql, table, history } = engine.write(step);
  if (step.kind === "insert") {
    for (const row of step.rows) connection.run(sql, insertValues(tenantId, row));
    return;
  }
  if (step.kind === "erase") {
    for (const statement of history === undefined ? [sql] : [sql, history]) {
      for (const id of step.ids) connection.run(statement, erasedValues(tenantId, id));
    }
    return;
  }
  const failed: string[] = [];
  for (const row of step.rows) {
    if (history !== undefined && row.endedAt !== undefined)
      connection.run(history, keptValues(tenantId, row, step.endedBy));
    if (connection.run(sql, guardedValues(tenantId, row)) === 0) failed.push(row.id);
  }
  if (failed.length > 0) throw guardFailed(table, failed);
}

interface Bracket {
  readonly begin: string;
  readonly end: string;
  readonly undo: readonly string[];
}

const TRANSACTION: Bracket = { begin: "begin immediate", end: "commit", undo: ["rollback"] };
const SAVEPOINT: Bracket = {
  begin: "savepoint write_steps",
  end: "release write_steps",
  undo: ["rollback to write_steps", "release write_steps"],
};

function atomically(connection: SqliteConnection, work: () => void): void {
  const { begin, end, undo } = connection.isTransaction ? SAVEPOINT : TRANSACTION;
  connection.run(begin);
  try {
    work();
    connection.run(end);
  } catch (error) {
    // After some errors SQLite has rolled back by itself, and there is nothing left to undo.
    if (connection.isTransaction) for (const statement of undo) connection.run(statement);
    throw error;
  }
}
