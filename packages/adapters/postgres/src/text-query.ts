/**
 * Statements through a client of `pg` whose rows are wanted as arrays of texts: the server is not asked to describe them, nothing is parsed,
 * and the values are written by `parameterText`.
 */
import { parameterText } from "./parameter-text.ts";
import type { Answer, Sent } from "./postgres-connection.ts";

/** What a client of `pg` calls of a query, which is of the class that it checks for. */
interface ClientQuery {
  callback: (error: Error | null, answers?: readonly Answer[]) => void;
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

export interface TextQueryClient {
  query(query: ClientQuery): unknown;
}

/**
 * Sends statements in one go: none behind one that fails is carried out, and outside of a transaction all together are one. Gives what
 * became of each up to the first that failed.
 */
export type SendTexts = (
  client: TextQueryClient,
  statements: readonly Sent[],
) => Promise<readonly PromiseSettledResult<Answer>[]>;

/** The tag that ends a statement: "SELECT 5", "INSERT 0 1", "COMMIT". */
const TAG = /^([A-Za-z]+)\D*(?:\d+ )?(\d+)?$/;

const NOTHING = {};

/** @param Query the class of the queries of the client, of its own copy of `pg` */
export function textQueries(Query: QueryClass): SendTexts {
  class TextQuery extends Query implements ClientQuery {
    /** Of the statement whose answer comes next: the client keeps account of what is prepared by it. */
    name: string | undefined;
    text: string | undefined;
    callback: ClientQuery["callback"];
    readonly #statements: readonly Sent[];
    readonly #values: readonly (readonly (string | null)[])[];
    readonly answers: Answer[] = [];
    #rows: unknown[][] = [];

    constructor(statements: readonly Sent[], callback: ClientQuery["callback"]) {
      super(NOTHING);
      this.#statements = statements;
      this.#values = statements.map(({ values = [] }) => values.map(parameterText));
      this.callback = callback;
      this.#next();
    }

    #next(): void {
      const next = this.#statements[this.answers.length];
      this.name = next?.name;
      this.text = next?.text;
    }

    submit(connection: Wire): null {
      const { stream, submittedNamedStatements } = connection;
      stream.cork?.();
      try {
        for (const [i, { text, name }] of this.#statements.entries()) {
          if (name === undefined || !isPrepared(connection, name)) {
            connection.parse({ text, name });
            if (name !== undefined && submittedNamedStatements) submittedNamedStatements[name] = text;
          }
          connection.bind({ statement: name, values: this.#values[i]! });
          connection.execute(NOTHING);
        }
        connection.sync();
      } finally {
        stream.uncork?.();
      }
      return null;
    }

    handleDataRow({ fields }: { readonly fields: unknown[] }): void {
      this.#rows.push(fields);
    }

    handleCommandComplete({ text }: { readonly text: string }): void {
      const [, command = "", changed = 0] = TAG.exec(text) ?? [];
      this.answers.push({ rows: this.#rows, changed: Number(changed), command });
      this.#rows = [];
      this.#next();
    }

    handleReadyForQuery(): void {
      this.callback(null);
    }

    /** What follows the failed one was not prepared. */
    handleError(error: Error, { submittedNamedStatements }: Partial<Wire> = {}): void {
      for (const { name } of this.#statements.slice(this.answers.length)) {
        if (name !== undefined) delete submittedNamedStatements?.[name];
      }
      this.callback(error);
    }

    handleRowDescription(): void {}
    handleEmptyQuery(): void {}
    handlePortalSuspended(): void {}
  }

  return (client, statements) =>
    new Promise((resolve) => {
      const query = new TextQuery(statements, (error) => {
        const outcomes: PromiseSettledResult<Answer>[] = query.answers.map((value) => ({ status: "fulfilled", value }));
        if (error) outcomes.push({ status: "rejected", reason: error });
        resolve(outcomes);
      });
      client.query(query);
    });
}

function isPrepared({ parsedStatements, submittedNamedStatements }: Wire, name: string): boolean {
  return parsedStatements[name] !== undefined || submittedNamedStatements?.[name] !== undefined;
}
