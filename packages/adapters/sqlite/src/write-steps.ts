/** Sends a list of steps so that all of it is written or nothing, inside of a transaction and outside. */
import { guardFailed, type WriteStep } from "@relata/core/adapter";
import { erasedValues, guardedValues, insertValues, keptValues, rebasedValues } from "@relata/sql";
import { findBrokenReference } from "./broken-reference.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";
import { isForeignKeyFailure } from "./sqlite-errors.ts";
import type { SqliteSession } from "./sqlite-session.ts";

/**
 * References are checked when the list ends, so that its rows may come in any order: SQLite checks them with each statement, which nearly always
 * does, and costs nothing more. Where it does not, the check is put off from that statement on, and the references of all rows are
 * looked up in the end; that also finds out which reference is broken, as SQLite does not say.
 *
 * @throws `CrmError`. Outside of a transaction nothing was written then, and with `storage_busy` nothing was even tried; a transaction is fit
 * only for being undone.
 */
export function writeSteps(session: SqliteSession, tenantId: string, steps: readonly WriteStep[]): void {
  const { connection } = session;
  const send = () => sendSteps(session, tenantId, steps);
  if (connection.isTransaction) send();
  else if (!isOneStatement(session, steps)) inTransaction(connection, send);
  else {
    try {
      sendStep(session, steps[0]!, { tenantId, run: connection.run });
    } catch (error) {
      if (!isForeignKeyFailure(error)) throw error;
      inTransaction(connection, send);
    }
  }
}

/** A statement alone is a transaction of its own. */
function isOneStatement({ engine }: SqliteSession, steps: readonly WriteStep[]): boolean {
  const [step, ...others] = steps;
  if (!step || others.length > 0 || step.kind === "forbid" || step.kind === "erase") return false;
  if (step.kind === "rebase") return true;
  return step.rows.length <= 1 && engine.write(step).history === undefined;
}

function inTransaction(connection: SqliteConnection, work: () => void): void {
  connection.run("begin immediate");
  try {
    work();
    connection.run("commit");
  } catch (error) {
    // After some errors SQLite has rolled back by itself, and there is nothing left to undo.
    if (connection.isTransaction) connection.run("rollback");
    throw error;
  }
}

type Run = SqliteConnection["run"];

function sendSteps(session: SqliteSession, tenantId: string, steps: readonly WriteStep[]): void {
  const { connection } = session;
  let cause: unknown;
  const run: Run = (sql, values) => {
    try {
      return connection.run(sql, values);
    } catch (error) {
      if (cause !== undefined || !isForeignKeyFailure(error)) throw error;
      cause = error;
      connection.exec("pragma defer_foreign_keys = on");
      return connection.run(sql, values);
    }
  };
  try {
    for (const step of steps) sendStep(session, step, { tenantId, run });
    const broken = cause === undefined ? undefined : findBrokenReference(session, { tenantId, steps, cause });
    if (broken) throw broken;
  } finally {
    // The end of a transaction would put this back too, but keep the statements that were compiled meanwhile: these fail on a broken
    // reference without undoing their row. The pragma has all statements compiled anew.
    if (cause !== undefined) connection.exec("pragma defer_foreign_keys = off");
  }
}

function sendStep(
  { connection, engine }: SqliteSession,
  step: WriteStep,
  { tenantId, run }: { readonly tenantId: string; readonly run: Run },
): void {
  if (step.kind === "forbid") {
    const found = connection.answer(engine.forbidden(tenantId, step));
    const table = engine.compiler.schema.tables.get(step.table);
    if (table && found.length > 0) throw guardFailed(table, found, step.reason);
    return;
  }
  const { sql, table, history } = engine.write(step);
  if (step.kind === "insert") {
    for (const row of step.rows) run(sql, insertValues(tenantId, row));
    return;
  }
  if (step.kind === "rebase") {
    run(sql, rebasedValues(tenantId, step));
    return;
  }
  if (step.kind === "erase") {
    for (const statement of history === undefined ? [sql] : [sql, history]) {
      for (const id of step.ids) run(statement, erasedValues(tenantId, id));
    }
    return;
  }
  const failed: string[] = [];
  for (const row of step.rows) {
    if (history !== undefined && row.endedAt !== undefined) run(history, keptValues(tenantId, row, step.endedBy));
    if (run(sql, guardedValues(tenantId, row)) === 0) failed.push(row.id);
  }
  if (failed.length > 0) throw guardFailed(table, failed);
}
