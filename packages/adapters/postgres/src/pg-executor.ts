/** Statements through a client of the driver `pg`. */
import type { NativeResult } from "@relata/core/adapter";
import type { Answer, Executor, Sent } from "./postgres-connection.ts";
import { type QueryClass, type SendTexts, textQueries, type Wire } from "./text-query.ts";

/** What is used of a client of `pg`, from version 8.7 on. */
export interface PgClient {
  query(config: object): Promise<PgResult | readonly PgResult[]>;
  on(event: "error", listener: (error: Error) => void): unknown;
  off(event: "error", listener: (error: Error) => void): unknown;
  listeners(event: "error"): readonly unknown[];
  readonly connection: Partial<Wire> & {
    /** What the server sends is told of here first. */
    on(event: "readyForQuery", listener: (message: { readonly status?: string }) => void): unknown;
    off(event: "readyForQuery", listener: (message: { readonly status?: string }) => void): unknown;
    /** Below the protocol: the only way to end a connection at once on which statements wait. */
    readonly stream?: { destroy(): unknown };
  };
  /** Version 8.22 and newer, where it was made with the option of this name. */
  readonly pipeline?: boolean;
  /** Version 8.20 and newer: "I" outside of a transaction, "T" inside, "E" inside of a failed one; null before the first answer. */
  getTransactionStatus?(): string | null;
}

interface PgResult {
  readonly rows: unknown[];
  readonly rowCount: number | null;
  readonly command: string;
}

/** The same executor for a client each time. */
export type ExecutorOf = (client: PgClient) => Executor;

export function createExecutors(): ExecutorOf {
  const executors = new WeakMap<PgClient, Executor>();
  const senders = new WeakMap<QueryClass, SendTexts>();
  const senderFor = (client: PgClient) => {
    const Query = queryClassOf(client);
    if (!Query) return undefined;
    const send = senders.get(Query) ?? textQueries(Query);
    senders.set(Query, send);
    return send;
  };
  return (client) => {
    const executor = executors.get(client) ?? pgExecutor(client, senderFor(client));
    executors.set(client, executor);
    return executor;
  };
}

function pgExecutor(client: PgClient, send: SendTexts | undefined): Executor {
  return {
    pipelined: client.pipeline === true,
    together: send && ((statements) => send(client, statements)),
    async run(statement) {
      if (!send || statement.values === undefined) return runParsed(client, statement);
      const [outcome] = await send(client, [statement]);
      if (outcome!.status === "rejected") throw outcome!.reason;
      return outcome!.value;
    },
    async native({ text, parameters }): Promise<NativeResult> {
      // The extended protocol takes one statement only: none can end the transaction behind another.
      const { rows, rowCount, command } = (await client.query({
        text,
        values: parameters,
        queryMode: "extended",
      })) as PgResult;
      return { rows: rows as object[], ...(command === "SELECT" || rowCount === null ? {} : { changed: rowCount }) };
    },
  };
}

/** Undefined for a client that speaks to the server in another way. */
function queryClassOf(client: PgClient): QueryClass | undefined {
  const { connection } = client;
  const { Query } = client.constructor as { readonly Query?: QueryClass };
  const calls = [Query, connection?.parse, connection?.bind, connection?.execute, connection?.sync];
  return calls.every((call) => typeof call === "function") && connection.parsedStatements ? Query : undefined;
}

/** Values as the server sends them. Given with each query, so that no parser of the application's is touched or asked. */
const AS_TEXT = { getTypeParser: () => (value: string) => value };

async function runParsed(client: PgClient, { text, values, name }: Sent): Promise<Answer> {
  const config = values === undefined ? { text } : { text, values, name, rowMode: "array", types: AS_TEXT };
  const result = await client.query(config);
  // Of several statements in one text, the last one's.
  const { rows, rowCount, command } = (Array.isArray(result) ? result.at(-1) : result) as PgResult;
  return { rows: rows as unknown[][], changed: rowCount ?? 0, command };
}
