/** Where in a unit of work a handle stands: in the unit itself, in a savepoint of it, or in one operation. */
import { CrmError } from "../../errors.ts";
import type { Effect } from "../event/effect.ts";
import type { AsyncStore } from "../runtime.ts";
import type { WriteStep } from "../storage/query.ts";
import type { Savepoint, Storage, StorageSession, StorageTransaction } from "../storage/storage-adapter.ts";
import { createTurnQueue, type EndTurn } from "../storage/turn-queue.ts";
import { wordsOf } from "../time-limit.ts";

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
  /** What is to follow when the unit is committed. It is forgotten with a frame that is undone. */
  note(effects: readonly Effect[]): void;
  /** Runs one statement, so that whoever ends the frame can wait for it. */
  during<T>(statement: () => Promise<T>): Promise<T>;
  /** A frame inside of this one has begun, and holds its turn. */
  opened(inner: Frame): void;
  /** Ends the frame and those inside of it without waiting for the code that uses them: only for a statement under way. */
  cutOff(cause: unknown): Promise<void>;
}

/** Writes of records go another way: what follows from them is noted with them. */
export type UnitSession = Omit<StorageSession, "write">;

export interface UnitOfWork {
  /** A unit, or inside of `parent` a savepoint: kept when `work` succeeds, undone when it throws. */
  run<T>(parent: Frame | undefined, work: (frame: Frame) => Promise<T>): Promise<T>;
  /** One operation of several statements inside of a unit: it fails the unit if it throws after it has written. */
  operation<T>(parent: Frame, work: (frame: Frame) => Promise<T>): Promise<T>;
  /** Takes part in a transaction that the application has begun. */
  join(transaction: StorageTransaction): JoinedUnit;
  /** Reads, and statements of the application's own, in the frame or outside of any unit. */
  session(frame: Frame | undefined): UnitSession;
  /** @throws `outer_handle` when a handle of `frame` is used where a handle inside of it must be. */
  guard(frame: Frame | undefined, call: string): void;
  /** The newest instant that nothing which is open now can still change. */
  settledAt(): number;
  /** Runs a write that stands outside of any unit: until it ends, what is dated from now on is not settled. */
  single<T>(work: () => Promise<T>): Promise<T>;
  /** Runs plugin code so that the guard knows where it stands. */
  inside<T>(frame: Frame, work: () => Promise<T>): Promise<T>;
  /** Sends the steps, if any, and has `effects` follow when they are committed; outside of any unit that is now. */
  write(frame: Frame | undefined, write: Write): Promise<void>;
}

export interface Write {
  readonly tenantId: string;
  readonly steps: readonly WriteStep[];
  readonly effects: readonly Effect[];
}

/** A unit in a transaction of the application's own. Only the application knows how that ends. */
export interface JoinedUnit {
  readonly frame: Frame;
  committed(): Promise<void>;
  rolledBack(): Promise<void>;
  /** Nobody will say how it ended. */
  forgotten(): void;
}

export interface UnitOptions {
  readonly storage: Storage;
  readonly waitTimeoutMs: number;
  readonly clock: () => number;
  readonly active: AsyncStore<Frame> | undefined;
  /** Carries out what follows from what is committed. Never rejects. */
  readonly committed: (effects: readonly Effect[]) => Promise<void>;
}

export function createUnitOfWork({ storage, waitTimeoutMs, clock, active, committed }: UnitOptions): UnitOfWork {
  const openInstants = createOpenInstants(clock);
  const inside = <T>(frame: Frame, work: () => Promise<T>) => (active ? active.run(frame, work) : work());

  async function runUnit<T>(work: (frame: Frame) => Promise<T>): Promise<T> {
    let transaction: Promise<StorageTransaction> | undefined;
    const { instant, settle } = openInstants.later();
    const frame = openFrame(undefined, waitTimeoutMs, {
      instant,
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
    const frame = openFrame(parent, waitTimeoutMs, {
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
      await frame.end();
      if (frame.failure !== undefined) throw unitFailed(frame.failure);
      await frame.during(async () => taken()?.release());
      if (frame.wrote) parent.noteWrite();
      parent.note(frame.effects);
      return result;
    } catch (error) {
      await frame.end();
      await undo();
      throw error;
    } finally {
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
    run: (parent, work) => (parent ? runSavepoint(parent, work) : runUnit(work)),
    join(transaction) {
      const { instant, settle } = openInstants.later();
      const frame = openFrame(undefined, waitTimeoutMs, { instant, session: async () => transaction, joined: true });
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
      const frame = openFrame(parent, waitTimeoutMs, { instant: parent.instant, session: parent.session });
      try {
        const result = await work(frame);
        await frame.end();
        if (frame.failure !== undefined) throw unitFailed(frame.failure);
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
    guard(frame, call) {
      let current = active?.getStore();
      while (current?.closed) current = current.parent;
      if (frame?.closed) throw unitClosed(call);
      if (current && current !== frame) throw outerHandle(call);
    },
  };
}

/** The instants of what is being written: nothing at or after the oldest of them is settled. */
function createOpenInstants(clock: () => number) {
  const all = new Set<{ readonly instant: number }>();
  const open = () => {
    const entry = { instant: clock() };
    all.add(entry);
    return { instant: entry.instant, close: () => void all.delete(entry) };
  };
  return {
    open,
    /** One that is fixed when it is first asked for. */
    later() {
      let opened: ReturnType<typeof open> | undefined;
      return {
        instant() {
          opened ??= open();
          return opened.instant;
        },
        settle: () => opened?.close(),
      };
    },
    settledAt(): number {
      let oldest = clock();
      for (const { instant } of all) oldest = Math.min(oldest, instant);
      return oldest - 1;
    },
  };
}

/** A frame, what follows from it, and the end of it: later calls are refused, those under way are waited for. */
type OpenFrame = Frame & { readonly effects: readonly Effect[]; end(): Promise<void> };

interface FrameState {
  closed: boolean;
  failure: unknown;
  wrote: boolean;
  inner: Frame | undefined;
  /** The last statement; it never rejects. */
  statement: Promise<unknown> | undefined;
}

function openFrame(
  parent: Frame | undefined,
  waitTimeoutMs: number,
  {
    instant,
    session,
    undo,
    joined = false,
  }: Pick<Frame, "instant" | "session"> & { readonly undo?: () => Promise<void>; readonly joined?: boolean },
): OpenFrame {
  const queue = createTurnQueue({ waitTimeoutMs });
  const effects: Effect[] = [];
  const state: FrameState = {
    closed: false,
    failure: undefined,
    wrote: false,
    inner: undefined,
    statement: undefined,
  };
  const frame: OpenFrame = {
    parent,
    get closed() {
      return state.closed || parent?.closed === true;
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
    effects,
    note(more) {
      for (const effect of more) effects.push(effect);
    },
    during(statement) {
      const running = statement();
      state.statement = running.catch(() => {});
      return running;
    },
    opened(inner) {
      state.inner = inner;
    },
    async end() {
      if (state.closed) return;
      state.closed = true;
      if (queue.busy) (await queue.turnAtLast())();
    },
    async cutOff(cause) {
      state.closed = true;
      state.failure ??= cause;
      await state.inner?.cutOff(cause);
      await state.statement;
      await undo?.();
    },
  };
  parent?.opened(frame);
  return frame;
}

/** Each statement in its turn. */
function sessionOf(frame: Frame): UnitSession {
  return {
    find: (query, bindings) => inTurn(frame, async () => (await frame.session()).find(query, bindings)),
    aggregate: (query, bindings) => inTurn(frame, async () => (await frame.session()).aggregate(query, bindings)),
    traverse: (query, bindings) => inTurn(frame, async () => (await frame.session()).traverse(query, bindings)),
    execute: (tenantId, statement) =>
      inTurn(frame, async () => {
        const transaction = await frame.session();
        frame.noteWrite();
        return transaction.execute(tenantId, statement);
      }),
  };
}

/** What follows is noted in the same turn, so that it is there when the frame ends, whoever waits for the write. */
function writeIn(frame: Frame, { tenantId, steps, effects }: Write): Promise<void> {
  return inTurn(frame, async () => {
    if (steps.length > 0) {
      const transaction = await frame.session();
      frame.noteWrite();
      await transaction.write(tenantId, steps);
    }
    frame.note(effects);
  });
}

/** A statement that fails, fails the frame. */
async function inTurn<T>(frame: Frame, statement: () => Promise<T>): Promise<T> {
  if (frame.closed) throw unitClosed("this call");
  const endTurn = await frame.turn();
  try {
    if (frame.closed) throw unitClosed("this call");
    if (frame.failure !== undefined) throw unitFailed(frame.failure);
    try {
      return await frame.during(statement);
    } catch (error) {
      frame.fail(error);
      throw error;
    }
  } finally {
    endTurn();
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function unitFailed(cause: unknown): CrmError {
  const first = wordsOf(cause);
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
