/** Waiting for a lock that another connection holds, without blocking the event loop. */
import { setTimeout as sleep } from "node:timers/promises";
import { CrmError } from "@relata/core/adapter";

/** The driver waits for a lock in the calling thread, and everything in the process with it: so long, and no longer. */
export const DRIVER_WAIT_MS = 10;

const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 50;

/**
 * Runs `work`, and again while it fails with `storage_busy`, for up to `waitTimeoutMs`. `work` must have done nothing when it fails so.
 *
 * @throws `CrmError` `storage_busy`, retryable, when the lock was not released in time.
 */
export function whenFree<T>(waitTimeoutMs: number, work: () => T): Promise<Awaited<T>> {
  try {
    return Promise.resolve(work());
  } catch (error) {
    return again(waitTimeoutMs, work, error);
  }
}

async function again<T>(waitTimeoutMs: number, work: () => T, first: unknown): Promise<Awaited<T>> {
  const start = performance.now();
  let failure = first;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    if (!CrmError.is(failure, "storage_busy") || performance.now() - start >= waitTimeoutMs) throw failure;
    await sleep(pauseMs);
    try {
      return await work();
    } catch (error) {
      failure = error;
    }
  }
}
