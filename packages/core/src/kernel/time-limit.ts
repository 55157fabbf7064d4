/** Limits how long code that is not ours is waited for. */
import { later } from "./runtime.ts";

/** Settles as `work` does, or when it takes longer than `limitMs`, as `late` does; what `work` does later is dropped. */
export function withinTime<T>(
  limitMs: number,
  work: () => T | PromiseLike<T>,
  late: () => T | PromiseLike<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = later(limitMs, () => resolve(Promise.resolve().then(late)));
    const settle = (how: () => void) => {
      stop();
      how();
    };
    // A promise of its own, so that what throws at once is caught too.
    Promise.resolve()
      .then(work)
      .then(
        (value) => settle(() => resolve(value)),
        (error: unknown) => settle(() => reject(error)),
      );
  });
}
