/** One run of one suite. */
import { type Effort, type Measurement, measure } from "./measure/measure.ts";
import { figuresOf } from "./report/figure.ts";
import { lineOf } from "./report/terminal.ts";
import type { Bench, Mode, Suite } from "./suite.ts";

const EFFORTS: Readonly<Record<Mode, Effort>> = {
  full: { rounds: 9, turnMs: 40, warmUpMs: 200 },
  quick: { rounds: 4, turnMs: 20, warmUpMs: 70 },
  smoke: { rounds: 5, turnMs: 30, warmUpMs: 150 },
  answers: { rounds: 0, turnMs: 0, warmUpMs: 0 },
};

export interface BenchOptions {
  readonly mode: Mode;
  readonly folder: string;
  /** Only workloads whose name has these words in it, or others after a comma. */
  readonly only?: string | undefined;
}

/** Gives what was measured. */
export async function runSuite(
  suite: Suite,
  { mode, folder, only = "" }: BenchOptions,
): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  const start = performance.now();
  const say = (words: string) => console.log(`${Math.round((performance.now() - start) / 1_000)} s`.padStart(5), words);
  const bench: Bench = {
    mode,
    effort: EFFORTS[mode],
    folder,
    say,
    measures(workload) {
      if (mode === "answers" || !only.split(",").some((words) => workload.includes(words))) return false;
      return mode !== "smoke" || isWatched(suite, workload);
    },
    async measure(workload, entrants, { size, effort } = {}) {
      if (!bench.measures(workload.name)) return;
      const taking = mode === "smoke" ? entrants.filter(({ name }) => isWatched(suite, workload.name, name)) : entrants;
      const measurement = await measure(workload, taking, { ...bench.effort, ...effort });
      bench.add({ ...measurement, size });
    },
    add(measurement) {
      measurements.push(measurement);
      for (const figure of figuresOf(suite, [measurement])) say(lineOf(figure));
    },
  };
  await suite.run(bench);
  return measurements;
}

/** Whether a goal for `smoke` is about the workload, and about this entrant. */
function isWatched({ goals }: Suite, workload: string, entrant?: string): boolean {
  return goals.some(
    (goal) =>
      goal.smoke && goal.workload === workload && (entrant === undefined || goal.of.some((one) => one === entrant)),
  );
}
