/** Rounds in which every entrant does the same operations, in an order shuffled anew, and what they cost in each. */
import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "./random.ts";

export type Answer<T> = T | Promise<T>;

/** A thing to be done again and again, by the number of the time, from 0. */
export type Operation = (number: number) => unknown;

/** Who takes part in a measurement. */
export interface Entrant<Contestant> {
  readonly name: string;
  readonly contestant: Contestant;
  /** Done before each turn, outside of the time, so that no turn pays for another: the log of SQLite is copied, for example. */
  settle?(): Answer<void>;
}

export interface Workload<Contestant> {
  readonly name: string;
  /** What one operation is. */
  readonly what: string;
  /** How many operations a turn takes at the least, so that a workload of pages is walked evenly. By default 1. */
  readonly step?: number;
  /** The CPU time of the process (the default), which other processes change little, or all time, the disk's and the server's included. */
  readonly time?: "cpu" | "wall";
  /** The operation's number is the same for all entrants, and so is what it does. */
  prepare(contestant: Contestant): Operation;
  /** Done at the end of each turn, inside of its time. */
  finish?(contestant: Contestant): Answer<void>;
}

export interface Effort {
  readonly rounds: number;
  /** How long a turn should take: the average of the entrants. */
  readonly turnMs: number;
  /** For each entrant, before the rounds; longer where that is but few operations. */
  readonly warmUpMs: number;
}

export interface Measurement {
  readonly workload: string;
  readonly what: string;
  /** Records that the storage holds; undefined where that says nothing. */
  readonly size?: number | undefined;
  /** Of the costs. */
  readonly unit: "µs" | "ms" | "kB" | "bytes";
  /** Of what an operation costs, round by round, by entrant. */
  readonly costs: Readonly<Record<string, readonly number[]>>;
}

/** Code is compiled to its quickest form after so many calls. They are waited for, up to so many times the warm-up's time. */
const WARM_OPERATIONS = 2_000;
const LONGER = 6;

/** An operation of so many turns is a warm-up by itself, and done a few times only. */
const LONG_TURNS = 4;
const LONG_ROUNDS = 5;

/** The costs are in microseconds. All do the same number of operations, so that their databases stay alike. */
export async function measure<Contestant>(
  workload: Workload<Contestant>,
  entrants: readonly Entrant<Contestant>[],
  effort: Effort,
): Promise<Measurement> {
  const { name, what, step = 1 } = workload;
  const runners = entrants.map((entrant) => createRunner(entrant, workload));
  let average = 0;
  const runAll = async (steps: number) => {
    let sum = 0;
    for (const runner of runners) sum += await runner.run(steps * step);
    average = sum / runners.length;
  };
  const stepsIn = (ms: number) => Math.max(1, Math.round((ms * 1_000) / average / step));

  await runAll(1);
  const isLong = average > LONG_TURNS * effort.turnMs * 1_000;
  for (const part of isLong ? [] : [0.1, 0.3, 0.6]) {
    const [least, most] = [stepsIn(effort.warmUpMs * part), stepsIn(effort.warmUpMs * part * LONGER)];
    await runAll(Math.min(Math.max(least, Math.round((WARM_OPERATIONS * part) / step)), most));
  }
  const steps = stepsIn(effort.turnMs);
  const costs = Object.fromEntries(entrants.map((entrant) => [entrant.name, [] as number[]]));
  const random = createRandom(1);
  const rounds = isLong ? Math.min(effort.rounds, LONG_ROUNDS) : effort.rounds;
  for (let round = 0; round < rounds; round++) {
    for (const runner of shuffled(runners, random)) costs[runner.name]!.push(await runner.run(steps * step));
  }
  return { workload: name, what, unit: "µs", costs };
}

function createRunner<Contestant>(entrant: Entrant<Contestant>, workload: Workload<Contestant>) {
  const { contestant } = entrant;
  const operate = workload.prepare(contestant);
  const now = workload.time === "wall" ? wallMicroseconds : cpuMicroseconds;
  let done = 0;
  return {
    name: entrant.name,
    /** The cost of one operation in microseconds. Who answers at once is not made to wait for a promise. */
    async run(operations: number): Promise<number> {
      await entrant.settle?.();
      await collectGarbage();
      const start = now();
      for (let i = 0; i < operations; i++) {
        const answer = operate(done++);
        if (answer instanceof Promise) await answer;
      }
      if (workload.finish) await workload.finish(contestant);
      return (now() - start) / operations;
    },
  };
}

const NAP_MS = 2;
const MOST_NAPS = 20;
const IDLE_MICROSECONDS = 200;

/** Until the collector's own threads, whose time is the process's, have nothing more to do. */
async function collectGarbage(): Promise<void> {
  globalThis.gc?.();
  for (let nap = 0; nap < MOST_NAPS; nap++) {
    const start = cpuMicroseconds();
    await sleep(NAP_MS);
    if (cpuMicroseconds() - start < IDLE_MICROSECONDS) return;
  }
}

function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function wallMicroseconds(): number {
  return performance.now() * 1_000;
}

function shuffled<T>(items: readonly T[], random: (below: number) => number): readonly T[] {
  const shuffled = [...items];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = random(i + 1);
    [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
  }
  return shuffled;
}
