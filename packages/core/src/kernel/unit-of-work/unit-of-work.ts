/** Opens, keeps and undoes frames: units, savepoints, operations, and units in transactions of the application's own. */
import { CrmError } from "../../errors.ts";
import type { Effect } from "../event/effect.ts";
import { type AsyncStore, later } from "../runtime.ts";
import type {
  Savepoint,
  Storage,
  StorageSession,
  StorageTransaction,
  TransactionOptions,
} from "../storage/storage-adapter.ts";
import { type Frame, OpenFrame } from "./frame.ts";
import { lockNames } from "./lock-names.ts";
import { createOpenInstants } from "./open-instants.ts";
import { Outgoing } from "./outgoing.ts";
import { outerHandle, unitClosed, unitFailed, unitRequired } from "./unit-errors.ts";
import { inTurn, type Lock, lockIn, sessionOf, type UnitSession, type Write, writeIn } from "./unit-session.ts";

export interface UnitOfWork {
  /** A unit, or inside of `parent` a savepoint: kept when `work` succeeds, undone when it throws. Options are for a unit. */
  run<T>(parent: Frame | undefined, work: (frame: Frame) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * The unit of one call, for this tenant: what it writes is sent late and together. Where the database refuses that, or the work has failed
   * upon what the database would refuse, it is done again in a unit that assumes nothing and sends each write by itself.
   */
  own<T>(tenantId: string, work: (frame: Frame) => Promise<T>): Promise<T>;
  /** One operation of several statements inside of a unit: it fails the unit if it throws after it has written. */
  operation<T>(parent: Frame, work: (frame: Frame) => Promise<T>): Promise<T>;
  /** Takes part in a transaction that the application has begun. */
  join(transaction: StorageTransaction): JoinedUnit;
  /** Reads, and statements of the application's own, in the frame or outside of any unit. */
  session(frame: Frame | undefined): UnitSession;
  /** @throws `outer_handle` when a handle of `frame` is used where a handle inside of it must be. */
  guard(frame: Frame | undefined, call: string): void;
  /** The newest instant that nothing which is open now in this process can still change. */
  settledAt(): number;
  /** Runs a write that stands outside of any unit: until it ends, what is dated from now on is not settled. */
  single<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Waits until no other unit of the tenant holds one of the names, and holds them until the unit ends. @throws `unit_required` outside
   * of a unit.
   */
  lock(frame: Frame | undefined, lock: Lock): Promise<void>;
  /** Runs plugin code so that the guard knows where it stands. */
  inside<T>(frame: Frame, work: () => Promise<T>): Promise<T>;
  /** Runs what is no part of the unit in which it was set off. */
  outside<T>(work: () => Promise<T>): Promise<T>;
  /** Sends the steps, if any, and has `effects` follow when they are committed; outside of any unit that is now. */
  write(frame: Frame | undefined, write: Write): Promise<void>;
}

/** A unit in a transaction of the application's own. Only the application knows how that ends. */
export interface JoinedUnit {
  readonly frame: Frame;
  committed(): Promise<void>;
  rolledBack(): Promise<void>;
  /** Nobody will say how it ended. */
  forgotten(): void;
}

export interface UnitParts {
  readonly storage: Storage;
  readonly waitTimeoutMs: number;
  readonly clock: () => number;
  readonly active: AsyncStore<Frame | undefined> | undefined;
  /** Carries out what follows from what is committed. Never rejects. */
  readonly committed: (effects: readonly Effect[]) => Promise<void>;
}

export function createUnitOfWork({ storage, waitTimeoutMs, clock, active, committed }: UnitParts): UnitOfWork {
  const openInstants = createOpenInstants(clock);
  const inside = <T>(frame: Frame, work: () => Promise<T>) => (active ? active.run(frame, work) : work());

  async function runUnit<T>(
    work: (frame: Frame) => Promise<T>,
    { options, outgoing }: { readonly options?: TransactionOptions | undefined; readonly outgoing?: Outgoing } = {},
  ): Promise<T> {
    let transaction: Promise<StorageTransaction> | undefined;
    const { instant, settle } = openInstants.later();
    const frame = new OpenFrame(undefined, {
      waitTimeoutMs,
      instant,
      outgoing,
      session: async () => {
        transaction ??= storage.begin(options);
        const opened = await transaction;
        if (outgoing) await send(outgoing, opened);
        return opened;
      },
    });
    try {
      const result = await inside(frame, () => work(frame));
      await endWhole(frame);
      if (outgoing?.isWaiting) await send(outgoing, (await transaction) ?? storage);
      if (transaction) {
        const opened = await transaction;
        transaction = undefined;
        await opened.commit().catch((error: unknown) => {
          outgoing?.fail(error);
          throw error;
        });
      }
      if (frame.effects.length > 0) await committed(frame.effects);
      return result;
    } catch (error) {
      await frame.end();
      await transaction?.then((opened) => opened.rollback()).catch(() => {});
      throw error;
    } finally {
      settle();
    }
  }

  async function runOwn<T>(tenantId: string, work: (frame: Frame) => Promise<T>): Promise<T> {
    const outgoing = new Outgoing(tenantId);
    let sendInTime = () => {};
    try {
      return await runUnit(
        (frame) => {
          if (!storage.capabilities.unitsInTurn) sendInTime = later(LONGEST_WAIT_MS, () => void sendWaiting(frame));
          return work(frame);
        },
        { outgoing },
      );
    } catch (error) {
      // What is tried again anyway, or is about the storage itself, says nothing of what was relied on.
      if (outgoing.failure === undefined && !isTrouble(error)) await prove(outgoing);
      if (!isRefusal(outgoing.failure)) throw error;
      return runUnit(work);
    } finally {
      sendInTime();
    }
  }

  /** Other processes see what is dated, and not settled, by the transaction that is open. A failure is the frame's. */
  async function sendWaiting(frame: Frame): Promise<void> {
    if (frame.outgoing?.isWaiting) await inTurn(frame, frame.session).catch(() => {});
  }

  /** Whether what a failed call has relied on was so. Nothing of it is kept. */
  async function prove(outgoing: Outgoing): Promise<void> {
    const steps = outgoing.unproven();
    if (steps.length === 0) return;
    let transaction: StorageTransaction | undefined;
    try {
      transaction = await storage.begin();
      await transaction.write(outgoing.tenantId, steps);
    } catch (error) {
      outgoing.fail(error);
    }
    await transaction?.rollback();
  }

  async function runSavepoint<T>(parent: Frame, work: (frame: Frame) => Promise<T>): Promise<T> {
    const endTurn = await parent.turn();
    let savepoint: Savepoint | undefined;
    const taken = () => {
      const made = savepoint;
      savepoint = undefined;
      return made;
    };
    const undo = async () =>
      taken()
        ?.rollback()
        .catch((cause: unknown) => parent.fail(cause));
    const frame = new OpenFrame(parent, {
      waitTimeoutMs,
      instant: parent.instant,
      session: once(async () => {
        const transaction = await parent.session();
        savepoint = await transaction.savepoint();
        return transaction;
      }),
      undo,
    });
    try {
      const result = await inside(frame, () => work(frame));
      await endWhole(frame);
      await frame.during(async () => taken()?.release());
      if (frame.wrote) parent.noteWrite();
      for (const [name, mode] of frame.held ?? []) parent.held?.set(name, mode);
      parent.note(frame.effects);
      return result;
    } catch (error) {
      await frame.end();
      await undo();
      throw error;
    } finally {
      // What it has written, or undone, is not noted there.
      parent.outgoing?.rows.clear();
      endTurn();
    }
  }

  /** In a joined frame each statement that may write is a savepoint, so that one that fails leaves no part of itself. */
  function sessionIn(frame: Frame): UnitSession {
    const session = sessionOf(frame);
    if (!frame.joined) return session;
    return {
      ...session,
      execute: (tenantId, statement) => runSavepoint(frame, (inner) => sessionOf(inner).execute(tenantId, statement)),
    };
  }

  return {
    inside,
    outside: (work) => (active ? active.run(undefined, work) : work()),
    run: (parent, work, options) => (parent ? runSavepoint(parent, work) : runUnit(work, { options })),
    own: runOwn,
    join(transaction) {
      const { instant, settle } = openInstants.later();
      const frame = new OpenFrame(undefined, {
        waitTimeoutMs,
        instant,
        session: async () => transaction,
        joined: true,
      });
      return {
        frame,
        async committed() {
          if (frame.closed) throw unitClosed("committed");
          await transaction.commit();
          await frame.end();
          settle();
          if (frame.effects.length > 0) await committed(frame.effects);
        },
        async rolledBack() {
          if (frame.closed) throw unitClosed("rolledBack");
          await transaction.rollback();
          await frame.end();
          settle();
        },
        forgotten: settle,
      };
    },
    async operation(parent, work) {
      if (parent.joined) return runSavepoint(parent, work);
      const endTurn = await parent.turn();
      const { instant, session, outgoing } = parent;
      const frame = new OpenFrame(parent, { waitTimeoutMs, instant, session, outgoing });
      try {
        const result = await work(frame);
        await endWhole(frame);
        parent.note(frame.effects);
        return result;
      } catch (error) {
        if (frame.wrote || frame.failure !== undefined) parent.fail(frame.failure ?? error);
        throw error;
      } finally {
        await frame.end();
        if (frame.wrote) parent.noteWrite();
        endTurn();
      }
    },
    async write(frame, write) {
      if (frame?.joined) return runSavepoint(frame, (inner) => writeIn(inner, write));
      if (frame) return writeIn(frame, write);
      const { tenantId, steps, effects } = write;
      if (steps.length > 0) await storage.write(tenantId, steps);
      if (effects.length > 0) await committed(effects);
    },
    session: (frame) => (frame ? sessionIn(frame) : storage),
    settledAt: openInstants.settledAt,
    async single(work) {
      const { close } = openInstants.open();
      try {
        return await work();
      } finally {
        close();
      }
    },
    async lock(frame, lock) {
      if (!frame) throw unitRequired("lock");
      if (lock.names.length > 0 && !storage.capabilities.unitsInTurn)
        await lockIn(frame, { ...lock, names: lockNames(lock.names) });
    },
    guard(frame, call) {
      let current = active?.getStore();
      while (current?.closed) current = current.parent;
      if (frame?.closed) throw unitClosed(call);
      if (current && current !== frame) throw outerHandle(call);
    },
  };
}

async function send(outgoing: Outgoing, to: StorageSession): Promise<void> {
  const { steps, locks } = outgoing.take();
  if (steps.length + locks.length === 0) return;
  try {
    await to.write(outgoing.tenantId, steps, locks);
  } catch (error) {
    outgoing.fail(error);
    throw error;
  }
}

/** What a unit of a call has put off is not kept from the database for longer, where others look at what is open there. */
const LONGEST_WAIT_MS = 250;

/** What the database says of the data, and not of itself. */
const REFUSALS: ReadonlySet<string> = new Set([
  "guard_failed",
  "not_unique",
  "reference_not_found",
  "still_referenced",
  "value_refused",
]);

function isRefusal(error: unknown): boolean {
  return CrmError.is(error) && REFUSALS.has(error.code);
}

function isTrouble(error: unknown): boolean {
  return CrmError.is(error) && (error.retryable || /^(storage_|outcome_|.*_timeout$)/.test(error.code));
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** @throws `unit_failed` when what happened in the frame cannot be kept. */
async function endWhole(frame: OpenFrame): Promise<void> {
  await frame.end();
  if (frame.failure !== undefined) throw unitFailed(frame.failure);
}
