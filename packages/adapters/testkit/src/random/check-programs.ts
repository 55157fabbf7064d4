/** Runs many random programs; a failure is shrunk to the smallest program that still fails. */
import * as fc from "fast-check";
import { type Program, randomProgram } from "./random-program.ts";

interface CheckOptions {
  readonly runs: number;
  readonly seed: number | undefined;
  /** No program is begun after so long. */
  readonly timeLimitMs: number;
  /** How long a program that fails is made smaller; 20 seconds, when absent. */
  readonly shrinkLimitMs?: number;
}

/** @throws when a program fails, with the seed, and what the shrunk program gave. */
export async function checkPrograms(play: (program: Program) => Promise<void>, options: CheckOptions): Promise<void> {
  const { runs, seed, timeLimitMs, shrinkLimitMs = 20_000 } = options;
  const started = performance.now();
  let played = 0;
  // What has begun comes to its end, and the first begins however slow the machine is: an interrupted one would tell nothing.
  const playInTime = async (program: Program) => {
    if (played++ === 0 || performance.now() - started < timeLimitMs) await play(program);
  };
  const search = await fc.check(fc.asyncProperty(randomProgram, playInTime), {
    numRuns: runs,
    endOnFailure: true,
    ...(seed === undefined ? {} : { seed }),
  });
  if (!search.failed) return;
  const path = search.counterexamplePath ?? "0";
  const property = fc.asyncProperty(randomProgram, play);
  const shrinking = await fc.check(property, { seed: search.seed, path, interruptAfterTimeLimit: shrinkLimitMs });
  const { errorInstance: cause, numShrinks } = shrinking.failed ? shrinking : search;
  const what = cause instanceof Error ? cause.message : String(cause);
  const how = shrinking.failed ? `shrunk ${numShrinks} times` : "not failing when repeated";
  throw new Error(`A random program failed (seed ${search.seed}, program ${path}, ${how}).\n\n${what}`, { cause });
}
