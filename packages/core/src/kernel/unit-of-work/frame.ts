/** Where in a unit of work a handle stands: in the unit itself, in a savepoint of it, or in one operation. */
import type { Effect } from "../event/effect.ts";
import type { LockMode, StorageTransaction } from "../storage/storage-adapter.ts";
import { createTurnQueue, type EndTurn } from "../storage/turn-queue.ts";
import type { Outgoing } from "./outgoing.ts";

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
  /** What a unit of a single call has not sent yet; undefined in other units, and in savepoints. */
  readonly outgoing: Outgoing | undefined;
  /** The instant of the whole unit: fixed when it is first asked for. */
  instant(): number;
  turn(): Promise<EndTurn>;
  /** The open transaction; the first call begins it, or makes the savepoint. Sends what has waited. */
  session(): Promise<StorageTransaction>;
  /**
   * What the unit has locked so far, a savepoint with what it has locked itself, which is undone with it; undefined where the application
   * may undo locks without our knowing.
   */
  readonly held: Map<string, LockMode> | undefined;
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

/** A frame, what follows from it, and the end of it: later calls are refused, those under way are waited for. */
export type OpenFrame = Frame & { readonly effects: readonly Effect[]; end(): Promise<void> };

interface FrameState {
  closed: boolean;
  failure: unknown;
  wrote: boolean;
  inner: Frame | undefined;
  /** The last statement; it never rejects. */
  statement: Promise<unknown> | undefined;
}

export function openFrame(
  parent: Frame | undefined,
  waitTimeoutMs: number,
  {
    instant,
    session,
    undo,
    joined = false,
    outgoing,
  }: Pick<Frame, "instant" | "session"> &
    Partial<Pick<Frame, "outgoing" | "joined">> & { readonly undo?: () => Promise<void> },
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
    outgoing,
    held: heldBy(parent, { joined, isSavepoint: undo !== undefined }),
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

function heldBy(
  parent: Frame | undefined,
  { joined, isSavepoint }: { readonly joined: boolean; readonly isSavepoint: boolean },
): Frame["held"] {
  if (!parent) return joined ? undefined : new Map();
  return isSavepoint && parent.held ? new Map(parent.held) : parent.held;
}
