/** One at a time, in the order of asking: how callers share a connection or a unit of work. */
import { later } from "../runtime.ts";
import { waitTimeout } from "./storage-errors.ts";

/** Ends the turn; calling it again does nothing. */
export type EndTurn = () => void;

/**
 * @example
 * ```ts
 * import { createTurnQueue } from "@relata/core/adapter";
 *
 * const writer = createTurnQueue({ waitTimeoutMs: 5_000 });
 * const endTurn = await writer.turn();
 * try {
 *   // alone on the connection
 * } finally {
 *   endTurn();
 * }
 * ```
 */
export interface TurnQueue {
  /** @throws `CrmError` `unit_wait_timeout` when no turn came in time. */
  turn(): Promise<EndTurn>;
  /** Waits as long as it takes: for whoever ends what the turns are for. */
  turnAtLast(): Promise<EndTurn>;
  /** Whether somebody has the turn now. */
  readonly busy: boolean;
}

export function createTurnQueue(options: { readonly waitTimeoutMs: number }): TurnQueue {
  return new Turns(options.waitTimeoutMs);
}

class Turns implements TurnQueue {
  busy = false;
  readonly #waitTimeoutMs: number;
  readonly #waiting: (() => void)[] = [];

  constructor(waitTimeoutMs: number) {
    this.#waitTimeoutMs = waitTimeoutMs;
  }

  turn(): Promise<EndTurn> {
    if (!this.busy) return this.#taken();
    return new Promise((resolve, reject) => {
      const start = () => {
        stopTimer();
        resolve(this.#once());
      };
      const stopTimer = later(this.#waitTimeoutMs, () => {
        this.#waiting.splice(this.#waiting.indexOf(start), 1);
        reject(waitTimeout(this.#waitTimeoutMs));
      });
      this.#waiting.push(start);
    });
  }

  turnAtLast(): Promise<EndTurn> {
    if (!this.busy) return this.#taken();
    return new Promise((resolve) => {
      this.#waiting.push(() => resolve(this.#once()));
    });
  }

  #taken(): Promise<EndTurn> {
    this.busy = true;
    return Promise.resolve(this.#once());
  }

  #once(): EndTurn {
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      const next = this.#waiting.shift();
      if (next) next();
      else this.busy = false;
    };
  }
}
