/** Transactions that the application has begun, on a client of `pg` or in Kysely. */
import {
  CrmError,
  type NativeResult,
  type ShowStatement,
  type StorageTransaction,
  usingUnavailable,
} from "@relata/core/adapter";
import { CompiledQuery } from "kysely";
import type { ExecutorOf, PgClient } from "./pg-executor.ts";
import { createConnection, type Executor } from "./postgres-connection.ts";
import { connectionLost, isConnectionLoss, transactionEnded } from "./postgres-errors.ts";
import type { Compiled } from "./postgres-session.ts";
import { createTransaction } from "./postgres-transaction.ts";

export interface AppTransactions {
  /** @throws `using_unavailable` for what is not a transaction that can be joined. */
  join(transaction: unknown): StorageTransaction;
}

/** What is used of a transaction of Kysely, whichever copy of Kysely it is from. */
interface KyselyTransaction {
  readonly isTransaction: true;
  withoutPlugins(): KyselyTransaction;
  executeQuery(query: CompiledQuery): Promise<{ readonly rows: object[]; readonly numAffectedRows?: bigint }>;
}

export function createAppTransactions(
  compiled: Compiled,
  executorOf: ExecutorOf,
  onQuery: ShowStatement | undefined,
): AppTransactions {
  const joined = new WeakSet<object>();
  return {
    join(transaction) {
      const { executor, client } = joinable(transaction, executorOf);
      const handle = transaction as object;
      if (joined.has(handle)) {
        throw usingUnavailable("another unit uses the handle. Tell that one first how its transaction ended.");
      }
      joined.add(handle);
      const free = () => void joined.delete(handle);
      const watch = client
        ? watchClient(client, compiled.context.database, free)
        : { gone: () => undefined, stop: free };
      return createTransaction(compiled, createConnection(executor, compiled.context, onQuery), {
        lost: watch.gone,
        release: watch.stop,
        checkEnded() {
          if (watch.gone() === undefined && client && isInTransaction(client)) {
            throw new CrmError(
              "unit_open",
              "committed() was called before the transaction was committed. Commit it first.",
            );
          }
        },
      });
    },
  };
}

interface Watch {
  /** Why no statement of the unit can be sent any more. */
  gone(): CrmError | undefined;
  /** Idempotent. */
  stop(): void;
}

/**
 * Sees the transaction on a client end, and the client lose its connection: what is sent afterwards would belong to another transaction, or
 * to none. Whoever forgets to say how the transaction ended keeps nobody from the next one. `done` is called once.
 */
function watchClient(client: PgClient, database: string, done: () => void): Watch {
  let reason: CrmError | undefined;
  let watching = true;
  const end = (why?: CrmError) => {
    if (!watching) return;
    watching = false;
    reason = why;
    client.connection.off("readyForQuery", onReady);
    // A client that is lost tells of it more than once: that one is listened to as long as it is there.
    if (!isConnectionLoss(why)) client.off("error", onError);
    done();
  };
  const onReady = ({ status }: { readonly status?: string }) => {
    if (status === "I") end(transactionEnded());
  };
  const onError = (error: Error) => end(connectionLost(database, error.message, error));
  client.on("error", onError);
  client.connection.on("readyForQuery", onReady);
  return { gone: () => reason, stop: () => end() };
}

interface Joinable {
  readonly executor: Executor;
  /** What the transaction was begun on, where that is known. */
  readonly client?: PgClient;
}

function joinable(transaction: unknown, executorOf: ExecutorOf): Joinable {
  if (isKyselyTransaction(transaction)) return { executor: kyselyExecutor(transaction.withoutPlugins()) };
  if (!isPgClient(transaction)) {
    throw usingUnavailable("it needs the pg client on which the transaction was begun, or the transaction of Kysely.");
  }
  if (isInTransaction(transaction) === false) throw usingUnavailable("none is open on the client. Begin it first.");
  return { executor: executorOf(transaction), client: transaction };
}

function isKyselyTransaction(value: unknown): value is KyselyTransaction {
  const candidate = value as Partial<KyselyTransaction> | null | undefined;
  return (
    candidate?.isTransaction === true &&
    typeof candidate.executeQuery === "function" &&
    typeof candidate.withoutPlugins === "function"
  );
}

/** A pool has `query` too, and would run each statement on a connection of its own. */
function isPgClient(value: unknown): value is PgClient {
  const candidate = value as Partial<PgClient> | null | undefined;
  return typeof candidate?.query === "function" && typeof candidate.connection?.on === "function";
}

/** Undefined where the driver does not tell. A client that was never connected has no status. */
function isInTransaction(client: PgClient): boolean | undefined {
  if (!client.getTransactionStatus) return undefined;
  const status = client.getTransactionStatus();
  return status !== null && status !== "I";
}

/** Through the application's Kysely, without its plugins; its driver's parsers stay, and statements ask for texts. */
function kyselyExecutor(transaction: KyselyTransaction): Executor {
  const run = (text: string, values: readonly unknown[]) =>
    transaction.executeQuery(CompiledQuery.raw(text, [...values]));
  return {
    pipelined: false,
    together: undefined,
    async run({ text, values = [] }) {
      const { rows, numAffectedRows = 0n } = await run(text, values);
      return { rows: rows.map((row) => Object.values(row)), changed: Number(numAffectedRows), command: "" };
    },
    async native({ text, parameters }): Promise<NativeResult> {
      const { rows, numAffectedRows } = await run(text, parameters);
      return { rows, ...(numAffectedRows === undefined ? {} : { changed: Number(numAffectedRows) }) };
    },
  };
}
