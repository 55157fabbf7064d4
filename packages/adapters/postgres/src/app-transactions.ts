/** Transactions that the application has begun, on a client of `pg` or in Kysely. */
import {
  CrmError,
  type NativeResult,
  type ShowStatement,
  type StorageTransaction,
  usingUnavailable,
} from "@relata/core/adapter";
import { CompiledQuery } from "kysely";
import { type PgClient, pgExecutor } from "./pg-executor.ts";
import { createConnection, type Executor } from "./postgres-connection.ts";
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

export function createAppTransactions(compiled: Compiled, onQuery: ShowStatement | undefined): AppTransactions {
  const joined = new WeakSet<object>();
  return {
    join(transaction) {
      const executor = executorFor(transaction);
      const handle = transaction as object;
      if (joined.has(handle)) {
        throw usingUnavailable("another unit uses the handle. Tell that one first how its transaction ended.");
      }
      joined.add(handle);
      const connection = createConnection(executor, compiled.context, onQuery);
      return createTransaction(compiled, connection, {
        lost: () => undefined,
        release: () => void joined.delete(handle),
        checkEnded() {
          if (isPgClient(transaction) && isInTransaction(transaction))
            throw new CrmError(
              "unit_open",
              "committed() was called before the transaction was committed. Commit it first.",
            );
        },
      });
    },
  };
}

function executorFor(transaction: unknown): Executor {
  if (isKyselyTransaction(transaction)) return kyselyExecutor(transaction.withoutPlugins());
  if (!isPgClient(transaction)) {
    throw usingUnavailable("it needs the pg client on which the transaction was begun, or the transaction of Kysely.");
  }
  if (isInTransaction(transaction) === false) throw usingUnavailable("none is open on the client. Begin it first.");
  return pgExecutor(transaction);
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
  if (typeof value !== "object" || value === null) return false;
  return "query" in value && typeof value.query === "function" && !("totalCount" in value) && "connection" in value;
}

/** Undefined where the driver does not tell. */
function isInTransaction(client: PgClient): boolean | undefined {
  const status = client.getTransactionStatus?.();
  return status === undefined || status === null ? undefined : status !== "I";
}

/** Through the application's Kysely, without its plugins; its driver's parsers stay, and statements ask for texts. */
function kyselyExecutor(transaction: KyselyTransaction): Executor {
  const run = (text: string, values: readonly unknown[]) =>
    transaction.executeQuery(CompiledQuery.raw(text, [...values]));
  return {
    pipelined: false,
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
