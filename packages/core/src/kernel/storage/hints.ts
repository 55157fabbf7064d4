/** A helper for adapters: those in this process who wait for a hint. */
import type { Storage } from "./storage-adapter.ts";

/**
 * Listeners are called after `hint` has returned, in the order in which they came.
 *
 * @example
 * ```ts
 * import { createHints } from "@relata/core/adapter";
 *
 * const { hint, onHint } = createHints();
 * const stop = onHint(() => console.log("There may be something to do."));
 * hint();
 * ```
 */
export function createHints(): Pick<Storage, "hint" | "onHint"> {
  const listeners = new Set<{ readonly call: () => void }>();
  return {
    hint() {
      if (listeners.size === 0) return;
      void Promise.resolve().then(() => {
        for (const { call } of listeners) call();
      });
    },
    onHint(call) {
      const entry = { call };
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
  };
}
