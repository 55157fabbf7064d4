/** One unit of work on the connection that writes. */
import { CrmError, type EndTurn, type Savepoint, type StorageTransaction } from "@relata/core/adapter";
import type { SqliteSession } from "./sqlite-session.ts";
import { writeSteps } from "./write-steps.ts";

export interface SqliteTransaction extends StorageTransaction {
  /** Runs work in the transaction, unless it has ended or is dead. */
  use<T>(work: () => T): Promise<T>;
}

/**
 * The transaction that has begun on `connection`, until it ends and with it the turn. When SQLite rolls back by itself, as it does
 * when the disk is full, the transaction is dead: everything but `rollback` fails with `unit_failed`, lest a statement be committed alone.
 */
export function createTransaction(session: SqliteSession, endTurn: EndTurn): SqliteTransaction {
  const { connection, engine } = session;
  let ended = false;
  let death: { readonly cause: unknown } | undefined;
  let savepoints = 0;

  const use = async <T>(work: () => T): Promise<T> => {
    if (ended) throw new CrmError("unit_closed", "The transaction has ended. Begin another one.");
    if (death) {
      const message =
        "The database has rolled the transaction back because of an earlier error. Nothing of it was written.";
      throw new CrmError("unit_failed", message, { cause: death.cause });
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
  const undo = (statement: string) => {
    if (connection.isTransaction) connection.run(statement);
  };

  return {
    use,
    find: (query, bindings) => use(() => connection.answer(engine.find(query, bindings))),
    aggregate: (query, bindings) => use(() => connection.answer(engine.aggregate(query, bindings))),
    traverse: (query, bindings) => use(() => connection.answer(engine.traverse(query, bindings))),
    write: (tenantId, steps) => use(() => writeSteps(session, tenantId, steps)),
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
          },
        };
      }),
    async commit() {
      if (ended) return use(() => undefined);
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
      try {
        undo("rollback");
      } finally {
        end();
      }
    },
  };
}
