/** Limits how long code that is not ours is waited for. */
import { startTimer, stopwatchMs, type Timer } from "./runtime.ts";

/** Settles as `work` does, or when it takes longer than the limit, as `late` does; what `work` does later is dropped. */
export type TimeLimit = <T>(work: () => Promise<T>, late: () => Promise<T>) => Promise<T>;

interface Running {
  readonly since: number;
  expire(): void;
}

/** One limit for all that runs under it: what comes and goes within its time is served by one timer. */
export function createTimeLimit(limitMs: number): TimeLimit {
  // The longest running first.
  const running = new Set<Running>();
  let timer: Timer | undefined;

  const watch = (ms: number) => {
    timer = startTimer(ms, () => {
      timer = undefined;
      for (const each of running) {
        const left = each.since + limitMs - stopwatchMs();
        if (left > 0) return watch(left);
        running.delete(each);
        each.expire();
      }
    });
  };
  const begin = (each: Running) => {
    running.add(each);
    if (timer === undefined) watch(limitMs);
    else if (running.size === 1) timer.ref?.();
  };
  const end = (each: Running) => {
    if (running.delete(each) && running.size === 0) timer?.unref?.();
  };

  return (work, late) =>
    new Promise((resolve, reject) => {
      const each = { since: stopwatchMs(), expire: () => resolve(late()) };
      begin(each);
      work().then(
        (value) => {
          end(each);
          resolve(value);
        },
        (error: unknown) => {
          end(each);
          reject(error);
        },
      );
    });
}
