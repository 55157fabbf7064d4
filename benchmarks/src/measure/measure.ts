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
  /** Done before each turn, outside of the time, so that none pays for another: the log of SQLite is copied, for example. */
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
  /** All do the same number of operations then, so that their storages stay alike. */
  readonly writes?: boolean;
  /** After so many operations of a turn its entrant is settled again, outside of the time. */
  readonly writesAtMost?: number;
  /** How many operations are compared before anything is timed. By default 3. */
  readonly compared?: number;
  /** What an operation does follows from its number, and is the same for all entrants. */
  prepare(contestant: Contestant): Operation;
  /** Done at the end of each turn, inside of its time. */
  finish?(contestant: Contestant): Answer<void>;
}

export interface Effort {
  readonly rounds: number;
  /** How long a turn should take; where all do the same number of operations, on average. */
  readonly turnMs: number;
  /** For each entrant, before the rounds; up to four times as long until it is steady and has done some thousand operations. */
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

/** Code is compiled to its quickest form after so many calls; they are waited for unless that takes too long. */
const WARM_OPERATIONS = 2_000;
/** The average entrant is warmed for so many times `warmUpMs` at the most. */
const MOST_WARM_UPS = 4;
/** A warm-up has so many blocks, and more until none costs so much less than the best before. */
const BLOCKS = 4;
const STEADY = 0.95;

/** Of a turn, done before it and outside of its time: first calls after the others' turns, or a collection, cost more. */
const LEAD_IN = 0.1;

/** An operation that takes so many turns is a warm-up by itself, and done a few times only. */
const LONG_TURNS = 2;
const LONG_ROUNDS = 5;

/** The costs are in microseconds. */
export async function measure<Contestant>(
  workload: Workload<Contestant>,
  entrants: readonly Entrant<Contestant>[],
  effort: Effort,
): Promise<Measurement> {
  const { name, what } = workload;
  const runners = entrants.map((entrant) => createRunner(entrant, workload));
  for (const runner of runners) await runner.run(1);
  const isLong = averageCost(runners) > LONG_TURNS * effort.turnMs * 1_000;
  if (!isLong) await warmUp(workload, runners, effort.warmUpMs);

  const costs = Object.fromEntries(entrants.map((entrant) => [entrant.name, [] as number[]]));
  const operations = operationsIn(effort.turnMs, workload, runners);
  const random = createRandom(1);
  const rounds = isLong ? Math.min(effort.rounds, LONG_ROUNDS) : effort.rounds;
  for (let round = isLong ? 1 : 0; round <= rounds; round++) {
    await collectGarbage();
    for (const runner of shuffled(runners, random)) {
      const count = operations.get(runner)!;
      await runner.run(Math.floor(count * LEAD_IN));
      const cost = await runner.run(count);
      // The first round belongs to the warm-up.
      if (round > 0) costs[runner.name]!.push(cost);
    }
  }
  return { workload: name, what, unit: "µs", costs };
}

type Runner = ReturnType<typeof createRunner>;

/** All in turn, block by block, until none gets cheaper. */
async function warmUp<Contestant>(
  workload: Workload<Contestant>,
  runners: readonly Runner[],
  warmUpMs: number,
): Promise<void> {
  const best = new Map(runners.map((runner) => [runner, Number.POSITIVE_INFINITY]));
  let spentMs = 0;
  for (let block = 1; ; block++) {
    let isSteady = block >= BLOCKS;
    for (const [runner, count] of operationsIn(warmUpMs / BLOCKS, workload, runners)) {
      const cost = await runner.run(count);
      spentMs += (cost * count) / 1_000 / runners.length;
      if (cost < best.get(runner)! * STEADY || runner.done() < WARM_OPERATIONS) isSteady = false;
      best.set(runner, Math.min(best.get(runner)!, cost));
    }
    if (isSteady || spentMs > MOST_WARM_UPS * warmUpMs) return;
  }
}

/** Whole steps. Who writes does as many as all others, for whom so much time is the average; who reads has so much time itself. */
function operationsIn<Contestant>(
  ms: number,
  { step = 1, writes = false }: Workload<Contestant>,
  runners: readonly Runner[],
): ReadonlyMap<Runner, number> {
  const average = averageCost(runners);
  return new Map(
    runners.map((runner) => {
      const steps = (ms * 1_000) / (writes ? average : runner.lastCost()) / step;
      return [runner, step * Math.max(1, Math.round(steps))];
    }),
  );
}

function averageCost(runners: readonly Runner[]): number {
  return runners.reduce((sum, runner) => sum + runner.lastCost(), 0) / runners.length;
}

function createRunner<Contestant>(entrant: Entrant<Contestant>, workload: Workload<Contestant>) {
  const { contestant } = entrant;
  const operate = workload.prepare(contestant);
  const now = workload.time === "wall" ? wallMicroseconds : cpuMicroseconds;
  const { writesAtMost = Number.POSITIVE_INFINITY } = workload;
  let done = 0;
  let lastCost = 0;
  return {
    name: entrant.name,
    done: () => done,
    /** Of one operation, in microseconds, when it was last run. */
    lastCost: () => lastCost,
    /** Gives the cost of one operation in microseconds. Who answers at once is not made to wait for a promise. */
    async run(operations: number): Promise<number> {
      let spent = 0;
      for (let left = operations; left > 0; left -= writesAtMost) {
        await entrant.settle?.();
        const start = now();
        for (let i = Math.min(left, writesAtMost); i > 0; i--) {
          const answer = operate(done++);
          if (answer instanceof Promise) await answer;
        }
        if (workload.finish) await workload.finish(contestant);
        spent += now() - start;
      }
      if (operations > 0) lastCost = spent / operations;
      return lastCost;
    },
  };
}

const NAP_MS = 2;
const MOST_NAPS = 20;
const IDLE_MICROSECONDS = 200;

/**
 * Of young garbage, and until the collector's own threads, whose time is the process's, have nothing more to do. After a full collection code is
 * slow again for a while: with one in each round, a create in memory costs nearly twice as much.
 */
async function collectGarbage(): Promise<void> {
  globalThis.gc?.({ type: "minor" });
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
