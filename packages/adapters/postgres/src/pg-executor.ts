/** Statements through a client of the driver `pg`. */
import type { NativeResult } from "@relata/core/adapter";
import type { Executor } from "./postgres-connection.ts";
import { AS_TEXT, answerOf, type QueryClass, type SendText, type TextResult, textQueries, type Wire } from "./text-query.ts";

/** What is used of a client of `pg`, from version 8.7 on. */
export interface PgClient {
  query(config: object): Promise<TextResult | readonly TextResult[]>;
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

/** The same executor for a client each time. */
export type ExecutorOf = (client: PgClient) => Executor;

export function createExecutors(): ExecutorOf {
  const executors = new WeakMap<PgClient, Executor>();
  const classes = new WeakMap<QueryClass, SendText>();
  return (client) => {
    let executor = executors.get(client);
    if (!executor) {
      const Query = queryClassOf(client);
      let send = Query && classes.get(Query);
      if (Query && !send) {
        send = textQueries(Query);
        classes.set(Query, send);
      }
      executor = pgExecutor(client, send ?? sendParsed);
      executors.set(client, executor);
    }
    return executor;
  };
}

function pgExecutor(client: PgClient, send: SendText): Executor {
  return {
    pipelined: client.pipeline === true,
    async run({ text, values, name }) {
      if (values !== undefined) return send(client, { text, values, name });
      const result = await client.query({ text });
      // Of several statements in one text, the last one's.
      return answerOf((Array.isArray(result) ? result.at(-1) : result) as TextResult);
    },
    async native({ text, parameters }): Promise<NativeResult> {
      // The extended protocol takes one statement only: none can end the transaction behind another.
      const { rows, rowCount, command } = (await client.query({
        text,
        values: parameters,
        queryMode: "extended",
      })) as TextResult;
      return { rows: rows as object[], ...(command === "SELECT" || rowCount === null ? {} : { changed: rowCount }) };
    },
  };
}

/** Undefined for a client that speaks to the server in another way. */
function queryClassOf({ constructor, connection }: PgClient): QueryClass | undefined {
  const { Query } = constructor as { readonly Query?: QueryClass };
  const calls = [connection?.parse, connection?.bind, connection?.execute, connection?.sync];
  const speaks = calls.every((call) => typeof call === "function") && connection.parsedStatements !== undefined;
  return speaks && typeof Query === "function" ? Query : undefined;
}

/** As a query of the driver's own. The parsers are given with it, so that none of the application's is touched or asked. */
const sendParsed: SendText = async (client, statement) =>
  answerOf(await (client as PgClient).query({ ...statement, rowMode: "array", types: AS_TEXT }) as TextResult);
