/** Waiting for a lock that another connection holds, without blocking the event loop. */
import { setTimeout as sleep } from "node:timers/promises";
import { CrmError } from "@relata/core/adapter";

/** The driver waits for a lock in the calling thread, and everything in the process with it: so long, and no longer. */
export const DRIVER_WAIT_MS = 10;

const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 50;

/**
 * Runs `work` again while it fails with `storage_busy`, for up to `waitTimeoutMs`. `work` must have done nothing when it fails so.
 *
 * @throws `CrmError` `storage_busy`, retryable, when the lock was not released in time.
 */
export async function whenFree<T>(waitTimeoutMs: number, work: () => T): Promise<T> {
  const start = performance.now();
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return work();
    } catch (error) {
      if (!CrmError.is(error, "storage_busy") || performance.now() - start >= waitTimeoutMs) throw error;
    }
    await sleep(pauseMs);
  }
}
