/** Rounds in which every contestant does the same operations, in an order shuffled anew, and what they cost in CPU time. */
import { DatabaseSync } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Contestant } from "./contestant.ts";
import { createRandom } from "./random.ts";
import type { Workload } from "./workloads.ts";

export interface Entrant {
  readonly name: string;
  readonly filename: string;
  readonly contestant: Contestant;
}

export interface Effort {
  readonly rounds: number;
  /** How long the first contestant's part of a round should take. */
  readonly sampleMs: number;
  readonly warmUpMs: number;
}

export interface Measurement {
  readonly workload: string;
  /** Operations of each contestant in a round. */
  readonly operations: number;
  /** CPU time of an operation in microseconds, round by round, by contestant. */
  readonly microseconds: Readonly<Record<string, readonly number[]>>;
}

/** The first entrant decides how many operations make a round. All do the same ones, so that their databases stay alike. */
export async function measure(entrants: readonly Entrant[], workload: Workload, effort: Effort): Promise<Measurement> {
  const [base, ...others] = entrants.map((entrant) => createRunner(entrant, workload));
  const runners = [base!, ...others];
  const stepsIn = (ms: number, perOperation: number) =>
    Math.max(1, Math.round((ms * 1_000) / perOperation / workload.step));
  const warmUps = [1, 1];
  for (const steps of warmUps) {
    const perOperation = await base!.run(steps * workload.step);
    if (warmUps.length < 5) warmUps.push(stepsIn(effort.warmUpMs / 3, perOperation));
  }
  for (const runner of others) for (const steps of warmUps) await runner.run(steps * workload.step);

  const operations = workload.step * stepsIn(effort.sampleMs, base!.last);
  const microseconds = Object.fromEntries(entrants.map(({ name }) => [name, [] as number[]]));
  const random = createRandom(1);
  for (let round = 0; round < effort.rounds; round++) {
    for (const runner of shuffled(runners, random)) microseconds[runner.name]!.push(await runner.run(operations));
  }
  return { workload: workload.name, operations, microseconds };
}

function createRunner({ name, filename, contestant }: Entrant, workload: Workload) {
  const operate = workload.prepare(contestant);
  let done = 0;
  let last = 0;
  return {
    name,
    /** What the last run gave. */
    get last() {
      return last;
    },
    /** CPU time of one operation in microseconds. The log of the database is copied first, so that no round pays for another. */
    async run(operations: number): Promise<number> {
      copyLog(filename);
      globalThis.gc?.();
      await nextTurn();
      const start = process.cpuUsage();
      for (let i = 0; i < operations; i++) await operate(done++);
      const { user, system } = process.cpuUsage(start);
      last = (user + system) / operations;
      return last;
    },
  };
}

function shuffled<T>(items: readonly T[], random: (below: number) => number): readonly T[] {
  const shuffled = [...items];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = random(i + 1);
    [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
  }
  return shuffled;
}

/** Copies the write-ahead log into the database, and empties it. */
export function copyLog(filename: string): void {
  const database = new DatabaseSync(filename);
  database.exec("pragma wal_checkpoint(truncate)");
  database.close();
}
