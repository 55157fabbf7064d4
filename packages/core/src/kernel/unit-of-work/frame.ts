/** Where in a unit of work a handle stands: in the unit itself, in a savepoint of it, or in one operation. */
import type { Effect } from "../event/effect.ts";
import type { LockMode, StorageTransaction } from "../storage/storage-adapter.ts";
import { createTurnQueue, type EndTurn, type TurnQueue } from "../storage/turn-queue.ts";
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

interface FrameParts extends Pick<Frame, "instant" | "session"> {
  readonly waitTimeoutMs: number;
  /** Takes back what a savepoint has done; units and operations have none. */
  readonly undo?: () => Promise<void>;
  readonly joined?: boolean;
  readonly outgoing?: Outgoing | undefined;
}

/** A frame, what follows from it, and the end of it. */
export class OpenFrame implements Frame {
  readonly parent: Frame | undefined;
  readonly joined: boolean;
  readonly outgoing: Outgoing | undefined;
  readonly held: Frame["held"];
  readonly instant: () => number;
  readonly session: () => Promise<StorageTransaction>;
  readonly effects: Effect[] = [];
  readonly #queue: TurnQueue;
  readonly #undo: (() => Promise<void>) | undefined;
  #closed = false;
  #failure: unknown;
  #wrote = false;
  #inner: Frame | undefined;
  /** The last statement; it never rejects. */
  #statement: Promise<unknown> | undefined;

  constructor(
    parent: Frame | undefined,
    { waitTimeoutMs, instant, session, undo, joined = false, outgoing }: FrameParts,
  ) {
    this.parent = parent;
    this.joined = joined;
    this.outgoing = outgoing;
    this.held = heldBy(parent, { joined, isSavepoint: undo !== undefined });
    this.instant = instant;
    this.session = session;
    this.#queue = createTurnQueue({ waitTimeoutMs });
    this.#undo = undo;
    parent?.opened(this);
  }

  get closed() {
    return this.#closed || this.parent?.closed === true;
  }

  get failure() {
    return this.#failure ?? this.parent?.failure;
  }

  get wrote() {
    return this.#wrote;
  }

  turn() {
    return this.#queue.turn();
  }

  noteWrite() {
    this.#wrote = true;
  }

  fail(cause: unknown) {
    this.#failure ??= cause;
  }

  note(effects: readonly Effect[]) {
    for (const effect of effects) this.effects.push(effect);
  }

  during<T>(statement: () => Promise<T>) {
    const running = statement();
    this.#statement = running.catch(() => {});
    return running;
  }

  opened(inner: Frame) {
    this.#inner = inner;
  }

  /** Later calls are refused, those under way are waited for. */
  async end() {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#queue.busy) (await this.#queue.turnAtLast())();
  }

  async cutOff(cause: unknown) {
    this.#closed = true;
    this.#failure ??= cause;
    await this.#inner?.cutOff(cause);
    await this.#statement;
    await this.#undo?.();
  }
}

function heldBy(
  parent: Frame | undefined,
  { joined, isSavepoint }: { readonly joined: boolean; readonly isSavepoint: boolean },
): Frame["held"] {
  if (!parent) return joined ? undefined : new Map();
  return isSavepoint && parent.held ? new Map(parent.held) : parent.held;
}
