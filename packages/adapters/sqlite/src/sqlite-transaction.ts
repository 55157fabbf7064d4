/** One unit of work on the connection that writes. */
import { CrmError, type EndTurn, type Savepoint, type StorageTransaction } from "@relata/core/adapter";
import { findFigures, findRows, findSteps, type SqliteSession } from "./sqlite-session.ts";
import { writeSteps } from "./write-steps.ts";

export interface SqliteTransaction extends StorageTransaction {
  /** Runs work in the transaction, unless it has ended or is dead. */
  use<T>(work: () => T): Promise<T>;
}

export interface TransactionOptions {
  readonly endTurn: EndTurn;
  /** For a transaction of the application's, which only the application ends: whether it is still the one that was joined. */
  readonly isCurrent?: () => boolean;
}

/**
 * The transaction that has begun on `connection`, until it ends and with it the turn. When SQLite rolls back by itself, as it does
 * when the disk is full, the transaction is dead: everything but `rollback` fails with `unit_failed`, lest a statement be committed alone. So it does after a write that has failed, until
 * a savepoint made before is undone.
 */
export function createTransaction(
  session: SqliteSession,
  { endTurn, isCurrent }: TransactionOptions,
): SqliteTransaction {
  const { connection } = session;
  let ended = false;
  let death: { readonly cause: unknown } | undefined;
  /** A write that has failed may have left some of itself, which only what undoes it may follow. */
  let failure: { readonly cause: unknown } | undefined;
  let savepoints = 0;

  const use = async <T>(work: () => T): Promise<T> => {
    if (ended || (isCurrent && !isOpen()))
      throw new CrmError("unit_closed", "The transaction has ended. Begin another one.");
    if (death) {
      const message =
        "The database has rolled the transaction back because of an earlier error. Nothing of it was written.";
      throw new CrmError("unit_failed", message, { cause: death.cause });
    }
    if (failure) {
      throw new CrmError("unit_failed", "An earlier write of this transaction has failed: it can only be undone.", {
        cause: failure.cause,
      });
    }
    try {
      return work();
    } catch (error) {
      if (!connection.isTransaction) death = { cause: error };
      throw error;
    }
  };
  const end = () => {
    ended = true;
    endTurn();
  };
  /** Another unit may have been joined since, when nobody has said how the transaction of this one ended. */
  const isOpen = () => connection.isTransaction && isCurrent?.() === true;
  const endedByApplication = () => {
    if (isOpen())
      throw new CrmError("unit_open", "committed() was called before the transaction was committed. Commit it first.");
    end();
  };
  const undo = (statement: string) => {
    if (connection.isTransaction) connection.run(statement);
  };

  return {
    use,
    find: (query, bindings) => use(() => findRows(session, query, bindings)),
    aggregate: (query, bindings) => use(() => findFigures(session, query, bindings)),
    traverse: (query, bindings) => use(() => findSteps(session, query, bindings)),
    write: (tenantId, steps) =>
      use(() => {
        try {
          connection.labelled({ kind: "write", tenantId }, () => writeSteps(session, tenantId, steps));
        } catch (error) {
          failure = { cause: error };
          throw error;
        }
      }),
    execute: (tenantId, statement) =>
      use(() => connection.labelled({ kind: "native", tenantId }, () => connection.execute(statement))),
    savepoint: () =>
      use((): Savepoint => {
        const name = `unit_${++savepoints}`;
        connection.run(`savepoint ${name}`);
        return {
          release: () => use(() => void connection.run(`release ${name}`)),
          async rollback() {
            if (ended || death) return;
            undo(`rollback to ${name}`);
            undo(`release ${name}`);
            failure = undefined;
          },
        };
      }),
    // Transactions run one after another: there is nobody to wait for.
    lock: () => use(() => {}),
    async commit() {
      if (ended) return use(() => undefined);
      if (isCurrent) return endedByApplication();
      try {
        await use(() => connection.run("commit"));
      } catch (error) {
        undo("rollback");
        throw error;
      } finally {
        end();
      }
    },
    async rollback() {
      if (ended) return;
      if (isCurrent) return end();
      try {
        undo("rollback");
      } finally {
        end();
      }
    },
  };
}
