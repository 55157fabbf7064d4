/** Drains again and again in the background, while the CRM is open. */
import { inBackground } from "../runtime.ts";

/** The result stops it, and waits for the delivery that is under way. */
export function drainEvery(
  everyMs: number,
  drain: (stopped: () => boolean) => Promise<unknown>,
  onError: (error: unknown) => void,
): () => Promise<void> {
  let stopped = false;
  let running: Promise<unknown> = Promise.resolve();
  let stopTimer = () => {};
  const wait = () => {
    if (!stopped) stopTimer = inBackground(everyMs, run);
  };
  const run = () => {
    running = drain(() => stopped).then(wait, (error: unknown) => {
      onError(error);
      wait();
    });
  };
  wait();
  return async () => {
    stopped = true;
    stopTimer();
    await running;
  };
}
