/** Where in a unit of work a handle stands: in the unit itself, in a savepoint of it, or in one operation. */
import { CrmError } from "../../errors.ts";
import type { AsyncStore } from "../runtime.ts";
import type { Storage, StorageSession, StorageTransaction } from "../storage/storage-adapter.ts";
import { createTurnQueue, type EndTurn } from "../storage/turn-queue.ts";

/**
 * Frames nest as the calls do. Only the innermost is used at a time: an inner frame holds the turn of the one around it until
 * it ends. A failed statement fails the nearest unit or savepoint, which then can only be undone.
 */
export interface Frame {
  readonly parent: Frame | undefined;
  readonly closed: boolean;
  /** The first failure that makes the unit or savepoint impossible to keep. */
  readonly failure: unknown;
  /** Whether a write has been sent through this frame or one inside of it. */
  readonly wrote: boolean;
  /** Part of a transaction of the application's own, which a failure of ours must not spoil: each write is a savepoint. */
  readonly joined: boolean;
  /** The instant of the whole unit: fixed when it is first asked for. */
  instant(): number;
  turn(): Promise<EndTurn>;
  /** The open transaction; the first call begins it, or makes the savepoint. */
  session(): Promise<StorageTransaction>;
  noteWrite(): void;
  fail(cause: unknown): void;
}

export interface UnitOfWork {
  /** A unit, or inside of `parent` a savepoint: kept when `work` succeeds, undone when it throws. */
  run<T>(parent: Frame | undefined, work: (frame: Frame) => Promise<T>): Promise<T>;
  /** One operation of several statements inside of a unit: it fails the unit if it throws after it has written. */
  operation<T>(parent: Frame, work: (frame: Frame) => Promise<T>): Promise<T>;
  /** Takes part in a transaction that the application has begun. */
  join(transaction: StorageTransaction): JoinedUnit;
  /** Reads and writes in the frame, or outside of any unit. */
  session(frame: Frame | undefined): StorageSession;
  /** @throws `outer_handle` when a handle of `frame` is used where a handle inside of it must be. */
  guard(frame: Frame | undefined, call: string): void;
  /** Runs plugin code so that the guard knows where it stands. */
  inside<T>(frame: Frame, work: () => Promise<T>): Promise<T>;
}

/** A unit in a transaction of the application's own. Only the application knows how that ends. */
export interface JoinedUnit {
  readonly frame: Frame;
  committed(): Promise<void>;
  rolledBack(): Promise<void>;
}

export interface UnitOptions {
  readonly storage: Storage;
  readonly waitTimeoutMs: number;
  readonly clock: () => number;
  readonly active: AsyncStore<Frame> | undefined;
}

export function createUnitOfWork({ storage, waitTimeoutMs, clock, active }: UnitOptions): UnitOfWork {
  const inside = <T>(frame: Frame, work: () => Promise<T>) => (active ? active.run(frame, work) : work());

  async function runUnit<T>(work: (frame: Frame) => Promise<T>): Promise<T> {
    let transaction: Promise<StorageTransaction> | undefined;
    const frame = openFrame(undefined, waitTimeoutMs, {
      instant: once(clock),
      session: () => {
        transaction ??= storage.begin();
        return transaction;
      },
    });
    try {
      const result = await inside(frame, () => work(frame));
      await frame.end();
      if (frame.failure !== undefined) throw unitFailed(frame.failure);
      if (transaction) {
        const opened = await transaction;
        transaction = undefined;
        await opened.commit();
      }
      return result;
    } catch (error) {
      await frame.end();
      await transaction?.then((opened) => opened.rollback()).catch(() => {});
      throw error;
    }
  }

  async function runSavepoint<T>(parent: Frame, work: (frame: Frame) => Promise<T>): Promise<T> {
    const endTurn = await parent.turn();
    let savepoint: Awaited<ReturnType<StorageTransaction["savepoint"]>> | undefined;
    const frame = openFrame(parent, waitTimeoutMs, {
      instant: parent.instant,
      session: once(async () => {
        const transaction = await parent.session();
        savepoint = await transaction.savepoint();
        return transaction;
      }),
    });
    try {
      const result = await inside(frame, () => work(frame));
      await frame.end();
      if (frame.failure !== undefined) throw unitFailed(frame.failure);
      await savepoint?.release();
      if (frame.wrote) parent.noteWrite();
      return result;
    } catch (error) {
      await frame.end();
      await savepoint?.rollback().catch((cause: unknown) => parent.fail(cause));
      throw error;
    } finally {
      endTurn();
    }
  }

  /** A frame's reads and writes; in a joined one each write is a savepoint, so that one that fails leaves no part of itself. */
  function session(frame: Frame): StorageSession {
    const plain = sessionOf(frame);
    if (!frame.joined) return plain;
    return {
      ...plain,
      write: (tenantId, steps) => runSavepoint(frame, (inner) => sessionOf(inner).write(tenantId, steps)),
      execute: (tenantId, statement) => runSavepoint(frame, (inner) => sessionOf(inner).execute(tenantId, statement)),
    };
  }

  return {
    inside,
    run: (parent, work) => (parent ? runSavepoint(parent, work) : runUnit(work)),
    join(transaction) {
      const frame = openFrame(undefined, waitTimeoutMs, {
        instant: once(clock),
        session: async () => transaction,
        joined: true,
      });
      return {
        frame,
        async committed() {
          if (frame.closed) throw unitClosed("committed");
          await transaction.commit();
          await frame.end();
          // Here happens what follows from the commit, as it does at the end of `runUnit`.
        },
        async rolledBack() {
          if (frame.closed) throw unitClosed("rolledBack");
          await transaction.rollback();
          await frame.end();
        },
      };
    },
    async operation(parent, work) {
      if (parent.joined) return runSavepoint(parent, work);
      const endTurn = await parent.turn();
      const frame = openFrame(parent, waitTimeoutMs, { instant: parent.instant, session: parent.session });
      try {
        return await work(frame);
      } catch (error) {
        if (frame.wrote || frame.failure !== undefined) parent.fail(frame.failure ?? error);
        throw error;
      } finally {
        await frame.end();
        if (frame.wrote) parent.noteWrite();
        endTurn();
      }
    },
    session: (frame) => (frame ? session(frame) : storage),
    guard(frame, call) {
      let current = active?.getStore();
      while (current?.closed) current = current.parent;
      if (frame?.closed) throw unitClosed(call);
      if (current && current !== frame) throw outerHandle(call);
    },
  };
}

/** A frame and the end of it: later calls are refused, those under way are waited for. */
type OpenFrame = Frame & { end(): Promise<void> };

function openFrame(
  parent: Frame | undefined,
  waitTimeoutMs: number,
  { instant, session, joined = false }: Pick<Frame, "instant" | "session"> & { readonly joined?: boolean },
): OpenFrame {
  const queue = createTurnQueue({ waitTimeoutMs });
  const state: { closed: boolean; failure: unknown; wrote: boolean } = {
    closed: false,
    failure: undefined,
    wrote: false,
  };
  return {
    parent,
    get closed() {
      return state.closed;
    },
    get failure() {
      return state.failure ?? parent?.failure;
    },
    get wrote() {
      return state.wrote;
    },
    joined,
    instant,
    session,
    turn: () => queue.turn(),
    noteWrite() {
      state.wrote = true;
    },
    fail(cause) {
      state.failure ??= cause;
    },
    async end() {
      if (state.closed) return;
      state.closed = true;
      if (queue.busy) (await queue.turnAtLast())();
    },
  };
}

/** Each statement takes its turn in the frame; one that fails, fails the frame. */
function sessionOf(frame: Frame): StorageSession {
  const run = async <T>(statement: (transaction: StorageTransaction) => Promise<T>, writes: boolean): Promise<T> => {
    if (frame.closed) throw unitClosed("this call");
    const endTurn = await frame.turn();
    try {
      if (frame.closed) throw unitClosed("this call");
      if (frame.failure !== undefined) throw unitFailed(frame.failure);
      try {
        const transaction = await frame.session();
        if (writes) frame.noteWrite();
        return await statement(transaction);
      } catch (error) {
        frame.fail(error);
        throw error;
      }
    } finally {
      endTurn();
    }
  };
  return {
    find: (query, bindings) => run((transaction) => transaction.find(query, bindings), false),
    aggregate: (query, bindings) => run((transaction) => transaction.aggregate(query, bindings), false),
    write: (tenantId, steps) => run((transaction) => transaction.write(tenantId, steps), true),
    execute: (tenantId, statement) => run((transaction) => transaction.execute(tenantId, statement), true),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function unitFailed(cause: unknown): CrmError {
  const first = cause instanceof Error ? cause.message : String(cause);
  return new CrmError(
    "unit_failed",
    `A statement of this transaction has failed, so nothing of it can be kept. To go on after a failure, run the part that may fail in a nested transaction. The failure was: ${first}`,
    { cause, retryable: CrmError.is(cause) && cause.retryable },
  );
}

function unitClosed(call: string): CrmError {
  return new CrmError(
    "unit_closed",
    `${call} was used after its transaction had ended. Await everything inside of the transaction.`,
  );
}

function outerHandle(call: string): CrmError {
  return new CrmError(
    "outer_handle",
    `${call} was called inside of an open transaction with a handle from outside of it, and would wait for itself. Use the handle that the innermost transaction, hook or operation was given.`,
    { details: { call } },
  );
}
