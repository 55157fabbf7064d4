/** Drains again and again in the background, while the CRM is open. */
import { inBackground } from "../runtime.ts";

export interface DrainLoop {
  /** The wait after a drain has ended, where no hint comes before. */
  readonly everyMs: number;
  /** Ends between two deliveries when `stopped` says so. True where there is more to do at once. */
  readonly drain: (stopped: () => boolean) => Promise<boolean>;
  readonly onHint: (listener: () => void) => () => void;
  readonly onError: (error: unknown) => void;
}

/** The result stops it, and waits for the delivery that is under way. A hint that comes during a drain has it followed by another one. */
export function drainEvery({ everyMs, drain, onHint, onError }: DrainLoop): () => Promise<void> {
  let stopped = false;
  let running: Promise<void> | undefined;
  let hinted = false;
  let stopTimer = () => {};

  const wait = () => {
    stopTimer = inBackground(everyMs, run);
  };
  const run = () => {
    stopTimer();
    hinted = false;
    running = drain(() => stopped)
      .catch((error: unknown) => {
        onError(error);
        return false;
      })
      .then((more) => {
        running = undefined;
        if (stopped) return;
        if (more || hinted) run();
        else wait();
      });
  };
  const stopListening = onHint(() => {
    if (stopped) return;
    if (running) hinted = true;
    else run();
  });
  wait();
  return async () => {
    stopped = true;
    stopListening();
    stopTimer();
    await running;
  };
}
