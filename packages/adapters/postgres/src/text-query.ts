/**
 * A statement through a client of `pg` whose rows are wanted as arrays of texts: the server is not asked to describe them, nothing is parsed,
 * and the values are written by `parameterText`.
 */
import { parameterText } from "./parameter-text.ts";
import type { Answer, Sent } from "./postgres-connection.ts";

/** What a client of `pg` calls of a statement of its own, which is of the class that it checks for. */
interface ClientQuery {
  callback: (error: Error | null, result?: TextResult) => void;
  submit(connection: Wire): Error | null;
}

export type QueryClass = new (config: object) => object;

/** What is used of the protocol behind a client. */
export interface Wire {
  parse(message: { readonly text: string; readonly name: string | undefined }): void;
  bind(message: { readonly statement: string | undefined; readonly values: readonly (string | null)[] }): void;
  execute(message: object): void;
  sync(): void;
  readonly stream: { cork?(): void; uncork?(): void };
  /** The texts that the server keeps prepared, by their names, which the client adds to. */
  readonly parsedStatements: Readonly<Record<string, string | undefined>>;
  /** Those that are on their way, from version 8.22 on. */
  readonly submittedNamedStatements?: Record<string, string | undefined>;
}

/** As far as it is used, what `pg` gives for a query of its own with `rowMode: "array"`. */
export interface TextResult {
  readonly rows: unknown[];
  readonly rowCount: number | null;
  readonly command: string;
}

export interface TextQueryClient {
  query(query: ClientQuery): unknown;
}

/** Sends a statement that has values, through the client. */
export type SendText = (client: TextQueryClient, statement: Sent & Pick<Required<Sent>, "values">) => Promise<Answer>;

/** The tag that ends a statement: "SELECT 5", "INSERT 0 1", "COMMIT". */
const TAG = /^([A-Za-z]+)\D*(?:\d+ )?(\d+)?$/;

/** Values as the server sends them, for who makes a query of the driver's own of what stands in ours. */
export const AS_TEXT = { getTypeParser: () => (value: string) => value };

/** @param Query the class of the queries of the client, of its own copy of `pg` */
export function textQueries(Query: QueryClass): SendText {
  class TextQuery extends Query implements ClientQuery {
    readonly text: string;
    readonly name: string | undefined;
    readonly values: readonly (string | null)[];
    readonly rowMode = "array";
    readonly types = AS_TEXT;
    callback: ClientQuery["callback"];
    readonly #found: unknown[][] = [];
    #tag = "";

    constructor({ text, name, values }: Parameters<SendText>[1], callback: ClientQuery["callback"]) {
      super(NOTHING);
      this.text = text;
      this.name = name;
      this.values = values.map(parameterText);
      this.callback = callback;
    }

    submit(connection: Wire): null {
      const { stream } = connection;
      stream.cork?.();
      try {
        const { text, name, values } = this;
        if (name === undefined || !isPrepared(connection, name)) {
          connection.parse({ text, name });
          if (name !== undefined && connection.submittedNamedStatements) {
            connection.submittedNamedStatements[name] = text;
          }
        }
        connection.bind({ statement: name, values });
        connection.execute(NOTHING);
        connection.sync();
      } finally {
        stream.uncork?.();
      }
      return null;
    }

    handleDataRow({ fields }: { readonly fields: unknown[] }): void {
      this.#found.push(fields);
    }

    handleCommandComplete({ text }: { readonly text: string }): void {
      this.#tag = text;
    }

    handleReadyForQuery(): void {
      const [, command = "", count] = TAG.exec(this.#tag) ?? [];
      this.callback(null, { rows: this.#found, rowCount: count === undefined ? null : Number(count), command });
    }

    handleError(error: Error): void {
      this.callback(error);
    }

    handleRowDescription(): void {}
    handleEmptyQuery(): void {}
    handlePortalSuspended(): void {}
  }

  return (client, statement) =>
    new Promise<Answer>((resolve, reject) => {
      client.query(
        new TextQuery(statement, (error, result) => {
          if (error) reject(error);
          else resolve(answerOf(result!));
        }),
      );
    });
}

const NOTHING = {};

function isPrepared({ parsedStatements, submittedNamedStatements }: Wire, name: string): boolean {
  return parsedStatements[name] !== undefined || submittedNamedStatements?.[name] !== undefined;
}

export function answerOf({ rows, rowCount, command }: TextResult): Answer {
  return { rows: rows as unknown[][], changed: rowCount ?? 0, command };
}
