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
  const waiting: (() => void)[] = [];
  let busy = false;

  const end = () => {
    const next = waiting.shift();
    if (next) next();
    else busy = false;
  };
  const once = (): EndTurn => {
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      end();
    };
  };

  const taken = () => {
    busy = true;
    return Promise.resolve(once());
  };

  return {
    get busy() {
      return busy;
    },
    turn() {
      if (!busy) return taken();
      return new Promise((resolve, reject) => {
        const start = () => {
          stopTimer();
          resolve(once());
        };
        const stopTimer = later(options.waitTimeoutMs, () => {
          waiting.splice(waiting.indexOf(start), 1);
          reject(waitTimeout(options.waitTimeoutMs));
        });
        waiting.push(start);
      });
    },
    turnAtLast() {
      if (!busy) return taken();
      return new Promise((resolve) => {
        waiting.push(() => resolve(once()));
      });
    },
  };
}
