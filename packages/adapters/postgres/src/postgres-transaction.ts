/** One unit of work on one connection: the SDK's own transaction, or one that the application has begun. */
import { CrmError, type Savepoint, type StorageTransaction } from "@relata/core/adapter";
import { lockNames } from "./name-locks.ts";
import {
  type Answer,
  answersOf,
  answerTo,
  type Label,
  type PostgresConnection,
  type Sent,
} from "./postgres-connection.ts";
import { isConnectionLoss, outcomeUnknown, transactionEnded, writeRefused } from "./postgres-errors.ts";
import {
  aggregateReading,
  type Compiled,
  findReading,
  type Reading,
  sentFor,
  traverseReading,
} from "./postgres-session.ts";
import { setTenant } from "./tenancy.ts";

export interface PostgresTransaction extends StorageTransaction {
  /** Sends statements of the adapter's own in the transaction. */
  send(label: Label, statements: readonly Sent[]): Promise<readonly Answer[]>;
}

export interface TransactionEnds {
  /** The first failure of the connection itself, if it had one. */
  lost(): CrmError | undefined;
  /** Gives the connection back; without `keep` nobody knows what state it is in. */
  release(keep: boolean): void;
  /** What it begins with, where that is not sent yet: it goes with the first statement. */
  readonly begin?: readonly Sent[];
  /** For a transaction of the application's own, which only the application ends. @throws where it is seen to be open still. */
  checkEnded?(): void;
}

const UNIT = { kind: "find", tenantId: undefined } as const;

export function createTransaction(
  compiled: Compiled,
  connection: PostgresConnection,
  { lost, release, begin = [], checkEnded }: TransactionEnds,
): PostgresTransaction {
  let toBegin = begin;
  let ended = false;
  let failure: unknown;
  let savepoints = 0;
  /** The one that the transaction is set to; undone with a savepoint. */
  let tenant: string | undefined;

  const use = async <T>(work: () => Promise<T>): Promise<T> => {
    if (ended) throw transactionEnded();
    const gone = lost();
    if (gone) throw gone;
    if (CrmError.is(failure, "unit_closed")) throw failure;
    if (failure !== undefined) {
      throw new CrmError("unit_failed", "An earlier statement of this transaction has failed: it can only be undone.", {
        cause: failure,
      });
    }
    try {
      return await work();
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  const withTenant = (tenantId: string | undefined): readonly Sent[] => {
    if (!compiled.rowLevelSecurity || tenantId === undefined || tenantId === tenant) return [];
    // The application may undo what was set in a transaction of its own, unseen.
    if (!checkEnded) tenant = tenantId;
    return [setTenant(tenantId, compiled.nameOf)];
  };
  /** Behind what must go before: where that fails, its failure alone is the outcome. */
  const sendEach = async (label: Label, statements: readonly Sent[]) => {
    const before = [...toBegin, ...withTenant(label.tenantId)];
    const sent = [...before, ...statements];
    const isFirst = toBegin.length > 0;
    toBegin = [];
    const outcomes = await (isFirst ? connection.sendTogether!(label, sent) : connection.sendEach(label, sent));
    const failed = outcomes.slice(0, before.length).find(({ status }) => status === "rejected");
    return failed ? [failed] : outcomes.slice(before.length);
  };
  const send = async (label: Label, statements: readonly Sent[]) => answersOf(await sendEach(label, statements));
  const read = (reading: Reading) =>
    use(() =>
      answerTo(reading.conversation, async (statement, values) => {
        const [answer] = await send(reading, [sentFor(compiled, reading, { statement, values })]);
        return answer!.rows;
      }),
    );
  const end = (keep: boolean) => {
    ended = true;
    release(keep);
  };

  return {
    send: (label, statements) => use(() => send(label, statements)),
    find: (query, bindings) => read(findReading(compiled, query, bindings)),
    aggregate: (query, bindings) => read(aggregateReading(compiled, query, bindings)),
    traverse: (query, bindings) => read(traverseReading(compiled, query, bindings)),
    write: (tenantId, steps, locks = []) =>
      use(async () => {
        if (compiled.context.readOnly) throw writeRefused(compiled.context);
        const prepared = compiled.writes.prepare(tenantId, steps);
        const first = lockNames(compiled, tenantId, locks);
        if (first.length + prepared.statements.length === 0) return;
        const label = { kind: "write", tenantId } as const;
        // A policy hides the key of a broken reference. It can be looked up only where the write alone is undone.
        const apart = compiled.rowLevelSecurity && prepared.isAmbiguous;
        const before = [...first, ...(apart ? [{ text: "savepoint relata_write" }] : [])];
        const after = apart ? [{ text: "release savepoint relata_write" }] : [];
        const outcomes = await sendEach(label, [...before, ...prepared.statements, ...after]);
        try {
          prepared.check(outcomes, before.length);
        } catch (error) {
          const unknown = apart ? prepared.unknownKey(error) : undefined;
          if (!unknown) throw error;
          const [, asked] = await connection.send(label, [
            { text: "rollback to savepoint relata_write" },
            unknown.question,
          ]);
          throw unknown.explained(asked!.rows);
        }
      }),
    execute: (tenantId, statement) =>
      use(async () => {
        await send({ kind: "native", tenantId }, []);
        return connection.execute({ kind: "native", tenantId }, statement);
      }),
    lock: (tenantId, names, mode = "exclusive") =>
      use(async () => {
        const locks = lockNames(compiled, tenantId, [{ names, mode }]);
        if (locks.length > 0) await send({ kind: "find", tenantId }, locks);
      }),
    savepoint: () =>
      use(async (): Promise<Savepoint> => {
        const name = `relata_${++savepoints}`;
        await send(UNIT, [{ text: `savepoint ${name}` }]);
        return {
          release: () => use(async () => void (await connection.send(UNIT, [{ text: `release savepoint ${name}` }]))),
          async rollback() {
            if (ended || lost()) return;
            tenant = undefined;
            await connection.send(UNIT, [
              { text: `rollback to savepoint ${name}` },
              { text: `release savepoint ${name}` },
            ]);
            failure = undefined;
          },
        };
      }),
    async commit() {
      if (checkEnded) {
        if (ended) throw transactionEnded();
        checkEnded();
        return end(true);
      }
      if (!ended && toBegin.length > 0) return end(true);
      let sent = false;
      let keep = false;
      try {
        await use(async () => {
          sent = true;
          const [answer] = await connection.send(UNIT, [{ text: "commit" }]);
          keep = true;
          if (answer!.command !== "COMMIT") {
            throw new CrmError("unit_failed", "The database has rolled the transaction back instead of committing it.");
          }
        });
      } catch (error) {
        if (sent && isConnectionLoss(error)) throw outcomeUnknown(compiled.context.database, error);
        if (!ended) keep = await undone();
        throw error;
      } finally {
        if (!ended) end(keep);
      }
    },
    async rollback() {
      if (ended) return;
      if (checkEnded || toBegin.length > 0) return end(true);
      end(await undone());
    },
  };

  /** False when the connection is lost, which undoes the transaction too. */
  async function undone(): Promise<boolean> {
    if (lost()) return false;
    return connection.send(UNIT, [{ text: "rollback" }]).then(
      () => true,
      () => false,
    );
  }
}
