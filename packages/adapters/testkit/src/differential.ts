/** `compareStorageAdapters`: the same random programs on two adapters, compared exactly. */
import { describe, it } from "vitest";
import { type AdapterFactory, withBench } from "./bench/bench.ts";
import { checkPrograms } from "./random/check-programs.ts";
import { playProgram } from "./random/play-program.ts";

/** An adapter by the name that failures call it. */
export interface NamedAdapter {
  readonly name: string;
  readonly open: AdapterFactory;
}

export interface CompareOptions {
  /** Programs to be played; 200, when absent. Fewer are played when the time is over. */
  readonly runs?: number;
  /** Repeats a failure that was reported with this seed; another one at each call, when absent. */
  readonly seed?: number;
  /** 15 seconds, when absent. */
  readonly timeLimitMs?: number;
}

/**
 * Registers a test that plays random programs (a schema, writes that keep and break its rules, units, savepoints, reads of all
 * kinds) on two adapters and on a model of the contract. Answers, refusals with their logical names, and the contents that are
 * left must be the same. A failure is reported with its seed and the smallest program that still fails.
 *
 * @example
 * ```ts
 * import { memory } from "@relata/memory";
 * import { sqlite } from "@relata/sqlite";
 * import { compareStorageAdapters } from "@relata/testkit";
 *
 * compareStorageAdapters(
 *   { name: "memory", open: () => memory() },
 *   { name: "sqlite", open: () => sqlite({ filename: ":memory:" }) },
 *   { runs: 500 },
 * );
 * ```
 */
export function compareStorageAdapters(
  reference: NamedAdapter,
  candidate: NamedAdapter,
  options: CompareOptions = {},
): void {
  const { runs = 200, seed, timeLimitMs = 15_000 } = options;
  describe(`${candidate.name} compared with ${reference.name}`, () => {
    it(
      `does the same in ${runs} random programs`,
      () =>
        checkPrograms(
          (program) =>
            withBench(reference.open, (ours) =>
              withBench(candidate.open, async (theirs) => {
                const contestants = [
                  { name: reference.name, store: await ours.open(program.schema) },
                  { name: candidate.name, store: await theirs.open(program.schema) },
                ];
                await playProgram(program, contestants);
              }),
            ),
          { runs, seed, timeLimitMs },
        ),
      timeLimitMs + 60_000,
    );
  });
}
