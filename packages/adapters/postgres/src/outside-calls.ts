/** Calls outside of any unit: each is a statement by itself, or a transaction that is begun and ended with it. */
import {
  CrmError,
  type NameLock,
  type NativeResult,
  type NativeStatement,
  type Row,
  type WriteStep,
} from "@relata/core/adapter";
import { beginUnit, inOneText, type Limits, limitStatements } from "./begin-unit.ts";
import { lockNames } from "./name-locks.ts";
import { type Answer, answersOf, answerTo, type Label, type Sent } from "./postgres-connection.ts";
import { isConnectionLoss, isReadOnlyFailure, outcomeUnknown, writeRefused } from "./postgres-errors.ts";
import type { Lease, Leases } from "./postgres-pool.ts";
import { type Compiled, type Reading, sentFor } from "./postgres-session.ts";
import { setEveryTenant, setTenant } from "./tenancy.ts";
import type { PreparedWrite } from "./write-steps.ts";

const COMMIT: Sent = { text: "commit" };
const ROLLBACK: Sent = { text: "rollback" };
const OWN: Label = { kind: "find", tenantId: undefined };

export interface OutsideCalls {
  read(reading: Reading): Promise<readonly Row[]>;
  /** @throws `outcome_unknown` when the connection was lost before the answer came. */
  write(tenantId: string, steps: readonly WriteStep[], locks?: readonly NameLock[]): Promise<void>;
  execute(tenantId: string, statement: NativeStatement): Promise<NativeResult>;
  /** A question of the adapter's own, of no tenant. */
  ask(statement: Sent): Promise<Answer>;
  /** The tenants that have rows in a table. */
  tenants(table: string): Promise<readonly string[]>;
}

export interface OutsideLimits {
  /** Set for each call, which has no session that they could be set for: it is a transaction that begins with them. */
  readonly limits?: Limits | undefined;
  /** Set for a call that waits for names, where they are not those of the session. */
  readonly lockLimits: Limits;
}

export function outsideCalls(compiled: Compiled, leases: Leases, { limits, lockLimits }: OutsideLimits): OutsideCalls {
  const begin = (mode = ""): Sent => ({ text: `begin${mode}${limits ? limitStatements(limits) : ""}` });
  const BEGIN = begin();
  const beginLocked = beginUnit({}, lockLimits);
  const beginSeveral = beginUnit({}, limits ?? {});
  const SNAPSHOT = begin(" isolation level repeatable read read only");
  const READ_ONLY = begin(" read only");
  const tenantOf = (tenantId: string | undefined): readonly Sent[] =>
    compiled.rowLevelSecurity && tenantId !== undefined ? [setTenant(tenantId, compiled.nameOf)] : [];

  /** A statement alone is a transaction of its own, unless the tenant or limits must be set for it. */
  async function sendOne(lease: Lease, label: Label, statement: Sent): Promise<Answer> {
    const { connection } = lease;
    const before = tenantOf(label.tenantId);
    if (before.length === 0 && !limits) return (await connection.send(label, [statement]))[0]!;
    if (connection.sendTogether && !limits) {
      return answersOf(await connection.sendTogether(label, [...before, statement])).at(-1)!;
    }
    return orUndone(lease, async () => {
      const rest = [...before, statement, COMMIT];
      // Of a write that goes out with a begin which has no answer in time, nobody would know what becomes of it.
      if (limits && label.kind === "write") {
        await connection.send(label, [BEGIN]);
        return (await decisive(() => connection.send(label, rest))).at(-2)!;
      }
      return (await connection.send(label, [BEGIN, ...rest])).at(-2)!;
    });
  }

  /** Whatever becomes of undoing it, the failure is that of the work. */
  async function orUndone<T>({ connection, lost, release }: Lease, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isConnectionLoss(error) || lost()) throw error;
      await connection.send({ kind: "rollback", tenantId: undefined }, [ROLLBACK]).catch(() => release(false));
      throw error;
    }
  }

  /** All statements see one state of the database. */
  function readSnapshot(lease: Lease, reading: Reading): Promise<readonly Row[]> {
    const { connection } = lease;
    let before: readonly Sent[] = [SNAPSHOT, ...tenantOf(reading.tenantId)];
    return orUndone(lease, async () => {
      const rows = await answerTo(reading.conversation, async (statement, values) => {
        const sent = [...before, sentFor(compiled, reading, { statement, values })];
        before = [];
        return (await connection.send(reading, sent)).at(-1)!.rows;
      });
      if (before.length === 0) await connection.send(reading, [COMMIT]);
      return rows;
    });
  }

  async function writeAll(
    lease: Lease,
    tenantId: string,
    { steps, locks }: { readonly steps: readonly WriteStep[]; readonly locks: readonly NameLock[] },
  ): Promise<void> {
    if (compiled.context.readOnly) throw writeRefused(compiled.context);
    const prepared = compiled.writes.prepare(tenantId, steps);
    const label = { kind: "write", tenantId } as const;
    try {
      await writeWhole(lease, label, { prepared, locks: lockNames(compiled, tenantId, locks) });
    } catch (error) {
      const unknown = prepared.unknownKey(error);
      if (!unknown) throw error;
      const [asked] = await Promise.allSettled([sendOne(lease, label, unknown.question)]);
      throw asked.status === "fulfilled" ? unknown.explained(asked.value.rows) : error;
    }
  }

  async function writeWhole(lease: Lease, label: Label, { prepared, locks }: LockedWrite): Promise<void> {
    const { connection } = lease;
    const { statements, check } = prepared;
    const [first, ...others] = statements;
    if (!first) return;
    if (others.length === 0 && locks.length === 0) {
      const sent = limits ? sendOne(lease, label, first) : decisive(() => sendOne(lease, label, first));
      const [outcome] = await Promise.allSettled([sent]);
      return check([outcome]);
    }
    const begin = locks.length > 0 ? beginLocked : beginSeveral;
    const toldApart = [...tenantOf(label.tenantId), ...locks];
    if (others.length === 0 && connection.sendTogether) {
      return writeAtOnce(lease, label, { before: [...begin, ...toldApart], first, check });
    }
    await orUndone(lease, async () => {
      const send = connection.sendTogether ?? connection.sendEach;
      const before = [...(connection.sendTogether ? begin : [inOneText(begin)]), ...toldApart];
      const outcomes = await send(label, [...before, ...statements]);
      check(outcomes, before.length);
      const [committed] = await decisive(() => connection.send(label, [COMMIT]));
      checkCommitted(committed!);
    });
  }

  /** A statement that leaves nothing of itself where it fails, with all around it in one go. */
  async function writeAtOnce(lease: Lease, label: Label, { before, first, check }: WriteAtOnce): Promise<void> {
    const outcomes = await lease.connection.sendTogether!(label, [...before, first, COMMIT]);
    const last = outcomes.at(-1)!;
    if (last.status === "fulfilled") {
      check(outcomes, before.length);
      return checkCommitted(last.value);
    }
    await orUndone(lease, async () => {
      if (isConnectionLoss(last.reason)) throw outcomeUnknown(compiled.context.database, last.reason);
      check(outcomes, before.length);
    });
  }

  /** What is sent here is in the database once it is carried out, whether or not anybody hears of it. */
  async function decisive<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw isConnectionLoss(error) ? outcomeUnknown(compiled.context.database, error) : error;
    }
  }

  return {
    read: (reading) =>
      leases.with((lease) =>
        reading.single
          ? answerTo(reading.conversation, async (statement, values) => {
              return (await sendOne(lease, reading, sentFor(compiled, reading, { statement, values }))).rows;
            })
          : readSnapshot(lease, reading),
      ),
    ask: (statement) => leases.with((lease) => sendOne(lease, OWN, statement)),
    tenants: (table) =>
      leases.with((lease) =>
        answerTo(compiled.engine.tenants(table), async ({ sql }, values) => {
          const statement = { text: sql, values };
          if (!compiled.rowLevelSecurity) return (await sendOne(lease, OWN, statement)).rows;
          const all = [BEGIN, setEveryTenant, statement, COMMIT];
          return (await orUndone(lease, () => lease.connection.send(OWN, all)))[2]!.rows;
        }),
      ),
    write: (tenantId, steps, locks = []) => leases.with((lease) => writeAll(lease, tenantId, { steps, locks })),
    execute: (tenantId, statement) =>
      leases.with((lease) =>
        orUndone(lease, async () => {
          const label = { kind: "native", tenantId } as const;
          await lease.connection.send(label, [READ_ONLY, ...tenantOf(tenantId)]);
          const result = await readOnly(() => lease.connection.execute(label, statement));
          await lease.connection.send(label, [COMMIT]);
          return result;
        }),
      ),
  };
}

interface LockedWrite {
  readonly prepared: PreparedWrite;
  readonly locks: readonly Sent[];
}

interface WriteAtOnce extends Pick<PreparedWrite, "check"> {
  /** What begins the transaction, and what goes before the statement in it. */
  readonly before: readonly Sent[];
  readonly first: Sent;
}

function checkCommitted({ command }: Answer): void {
  if (command === "COMMIT") return;
  throw new CrmError("unit_failed", "The database has rolled the write back instead of committing it.");
}

/** Outside of a unit a statement of the application's own has nothing to be undone with. */
async function readOnly<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isReadOnlyFailure(error)) throw error;
    throw new CrmError(
      "native_refused",
      "native() outside of a transaction only reads. Write with tx.native(), inside of crm.transaction.",
      { cause: error },
    );
  }
}
