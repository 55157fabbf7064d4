/** One connection: statements sent in one way, in one go where it can, errors translated. */
import {
  CrmError,
  type NativeResult,
  type NativeStatement,
  type ShownStatement,
  type ShowStatement,
  stopwatchMs,
} from "@relata/core/adapter";
import { type Conversation, controlsTransaction, refuseTransaction, type Statement } from "@relata/sql";
import { type ErrorContext, translateError } from "./postgres-errors.ts";
import { hasSeveralStatements } from "./several-statements.ts";

/** A statement with its values. With a name it is prepared once for the connection, and then known by that. */
export interface Sent {
  readonly text: string;
  readonly values?: readonly unknown[];
  readonly name?: string | undefined;
}

/** Rows as arrays of texts, or of what a driver that is not ours makes of them. */
export interface Answer {
  readonly rows: unknown[][];
  readonly changed: number;
  /** The first word of the tag that ends the statement: a failed transaction is "committed" with ROLLBACK. */
  readonly command: string;
}

/** What the statements of a call are for. */
export type Label = Pick<ShownStatement, "kind" | "tenantId">;

/** A driver's connection. */
export interface Executor {
  /** Whether statements may be sent before the answers to those before have come. */
  readonly pipelined: boolean;
  run(statement: Sent): Promise<Answer>;
  /**
   * Sends statements, each with one in its text, in one go: none behind one that fails is carried out, and outside of a transaction all together are one. Gives what
   * became of each up to the first that failed. Undefined where the driver cannot.
   */
  readonly together: ((statements: readonly Sent[]) => Promise<readonly PromiseSettledResult<Answer>[]>) | undefined;
  /** For the application: rows as it is used to them. */
  native(statement: NativeStatement): Promise<NativeResult>;
}

export interface PostgresConnection {
  /**
   * The answers, in order. All statements are sent in one go where the driver can, and else one after another up to the first that
   * fails. @throws the first failure, when nothing is under way any more.
   */
  send(label: Label, statements: readonly Sent[]): Promise<readonly Answer[]>;
  /** As `send`, with what became of each statement; one that was not sent any more is not among them. */
  sendEach(label: Label, statements: readonly Sent[]): Promise<readonly PromiseSettledResult<Answer>[]>;
  /** As `Executor.together`. */
  readonly sendTogether:
    | ((label: Label, statements: readonly Sent[]) => Promise<readonly PromiseSettledResult<Answer>[]>)
    | undefined;
  /** A statement of the application's own, behind what must go before it and before what must follow. */
  execute(label: Label, statement: NativeStatement): Promise<NativeResult>;
}

interface Shown<T> {
  readonly text: string;
  work(): Promise<T>;
  rowsOf(result: T): number;
}

interface Ended {
  readonly start: number;
  readonly rows: number;
  readonly failed: boolean;
}

const SETS_TENANT = /^select set_config\('relata\./;
const CONTROL = /^(begin|commit|rollback|savepoint|release|set local)\b/;

export function createConnection(
  executor: Executor,
  context: ErrorContext,
  onQuery: ShowStatement | undefined,
): PostgresConnection {
  const tell = (label: Label, text: string, { start, rows, failed }: Ended) => {
    const word = CONTROL.exec(text)?.[1];
    const control = (word === "set local" ? "begin" : word) as Label["kind"] | undefined;
    const whose = SETS_TENANT.test(text) ? { ...label, kind: "tenant" as const } : label;
    const of = control ? { kind: control, tenantId: undefined } : whose;
    onQuery?.({ ...of, text, timeMs: stopwatchMs() - start, rows: control ? 0 : rows, failed });
  };
  const shown = async <T>(label: Label, { text, work, rowsOf }: Shown<T>): Promise<T> => {
    const start = onQuery ? stopwatchMs() : 0;
    try {
      const result = await work();
      if (onQuery) tell(label, text, { start, rows: rowsOf(result), failed: false });
      return result;
    } catch (error) {
      if (onQuery) tell(label, text, { start, rows: 0, failed: true });
      throw translateError(error, context);
    }
  };
  const rowsOf = ({ rows, changed }: Answer) => Math.max(rows.length, changed);
  const run = (label: Label, statement: Sent) =>
    shown(label, { text: statement.text, work: () => executor.run(statement), rowsOf });

  const { together } = executor;
  async function sendTogether(label: Label, statements: readonly Sent[]) {
    const start = onQuery ? stopwatchMs() : 0;
    const outcomes = await together!(statements);
    return outcomes.map((outcome, i) => {
      const failed = outcome.status === "rejected";
      if (onQuery) tell(label, statements[i]!.text, { start, rows: failed ? 0 : rowsOf(outcome.value), failed });
      return failed ? { status: outcome.status, reason: translateError(outcome.reason, context) } : outcome;
    });
  }

  async function sendEach(label: Label, statements: readonly Sent[]) {
    if (executor.pipelined) return Promise.allSettled(statements.map((statement) => run(label, statement)));
    const outcomes: PromiseSettledResult<Answer>[] = [];
    for (const statement of statements) {
      const [outcome] = await Promise.allSettled([run(label, statement)]);
      outcomes.push(outcome);
      if (outcome.status === "rejected") break;
    }
    return outcomes;
  }

  return {
    async send(label, statements) {
      if (statements.length === 1) return [await run(label, statements[0]!)];
      return answersOf(await sendEach(label, statements));
    },
    sendEach,
    sendTogether: together && sendTogether,
    async execute(label, statement) {
      if (controlsTransaction(statement.text)) refuseTransaction();
      if (hasSeveralStatements(statement.text)) {
        throw new CrmError("native_refused", "native() takes one statement at a time. Send each by itself.");
      }
      return shown(label, {
        text: statement.text,
        work: () => executor.native(statement),
        rowsOf: ({ rows, changed }) => changed ?? rows.length,
      });
    },
  };
}

/** @throws the first failure. */
export function answersOf(outcomes: readonly PromiseSettledResult<Answer>[]): readonly Answer[] {
  return outcomes.map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason as CrmError;
    return outcome.value;
  });
}

/** Runs the statements of a query of the shared engine. */
export async function answerTo<T>(
  conversation: Conversation<T>,
  ask: (statement: Statement, values: readonly unknown[]) => Promise<unknown[][]>,
): Promise<T> {
  let step = conversation.next();
  while (!step.done) {
    const { statement, values } = step.value;
    let rows: unknown[][];
    try {
      rows = await ask(
        statement,
        statement.slots.map((slot) => slot.read(values)),
      );
    } catch (error) {
      step = conversation.throw(error);
      continue;
    }
    step = conversation.next(rows);
  }
  return step.value;
}
