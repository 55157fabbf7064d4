/** Runs again what has lost a race, a little later each time. */
import { CrmError } from "../errors.ts";
import { later } from "./runtime.ts";

export interface Retrying {
  /** So many attempts at most. */
  readonly attempts: number;
  /** Whether another attempt is worth it after a failure. Where it is `retryable`, unless said. */
  readonly when?: (error: CrmError) => boolean;
}

/** `attempt` is told which one it is, from 1 on. The failure of the last of several has `details.attempts`. */
export type Retry = <T>(attempt: (number: number) => Promise<T>, retrying: Retrying) => Promise<T>;

/** The longest pause after the first failure; it doubles with each. */
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 500;

/** What has waited its time already, or may have happened. */
const FINAL: ReadonlySet<string> = new Set(["outcome_unknown", "unit_wait_timeout", "storage_busy"]);

/** What one write does by itself, with no transaction of the caller's around it. */
export const ownUnit: Retrying = { attempts: 8, when: ({ retryable, code }) => retryable && !FINAL.has(code) };

export function createRetry(random: (length: number) => Uint8Array): Retry {
  /** Up to twice as long as the time before, so that those who have met once do not meet again. */
  const pause = (failures: number) => {
    const longest = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
    const share = (random(1)[0]! + 1) / 256;
    return new Promise<void>((resolve) => {
      later(longest * share, resolve);
    });
  };
  return async (attempt, { attempts, when = ({ retryable }) => retryable }) => {
    for (let number = 1; ; number++) {
      try {
        return await attempt(number);
      } catch (error) {
        if (!CrmError.is(error) || !when(error)) throw error;
        if (number >= attempts) throw number > 1 ? withAttempts(error, number) : error;
      }
      await pause(number);
    }
  };
}

/** The same error, which says how often it was tried. */
function withAttempts(error: CrmError, attempts: number): CrmError {
  const { code, message, details, retryable, cause, stack } = error;
  const told = new CrmError(code, message, { details: { ...details, attempts }, retryable, cause });
  if (stack !== undefined) told.stack = stack;
  return told;
}
