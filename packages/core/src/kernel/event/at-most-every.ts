/** Many calls made few: the first at once, those that follow it together. */
import { inBackground } from "../runtime.ts";

/** Calls `work` at most once in `everyMs`. What is asked for meanwhile is one call, at the end of that time. */
export function atMostEvery(everyMs: number, work: () => void): () => void {
  let resting = false;
  let wanted = false;
  const run = () => {
    resting = true;
    wanted = false;
    inBackground(everyMs, () => {
      resting = false;
      if (wanted) run();
    });
    work();
  };
  return () => {
    if (resting) wanted = true;
    else run();
  };
}
