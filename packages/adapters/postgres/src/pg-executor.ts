/** Statements through a client of the driver `pg`. */
import type { NativeResult } from "@relata/core/adapter";
import type { Answer, Executor } from "./postgres-connection.ts";

/** What is used of a client of `pg`, from version 8.7 on. */
export interface PgClient {
  query(config: object): Promise<PgResult | readonly PgResult[]>;
  on(event: "error", listener: (error: Error) => void): unknown;
  off(event: "error", listener: (error: Error) => void): unknown;
  listeners(event: "error"): readonly unknown[];
  readonly connection: {
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

/** Values as the server sends them. Given with each query, so that no parser of the application's is touched or asked. */
const AS_TEXT = { getTypeParser: () => (value: string) => value };

export function pgExecutor(client: PgClient): Executor {
  return {
    pipelined: client.pipeline === true,
    async run({ text, values, name }) {
      if (values === undefined) return answerOf(await client.query({ text }));
      return answerOf(await client.query({ text, values, name, rowMode: "array", types: AS_TEXT }));
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

/** Of several statements in one text, the last one's. */
function answerOf(result: PgResult | readonly PgResult[]): Answer {
  const { rows, rowCount, command } = (Array.isArray(result) ? result.at(-1) : result) as PgResult;
  return { rows: rows as unknown[][], changed: rowCount ?? 0, command };
}
