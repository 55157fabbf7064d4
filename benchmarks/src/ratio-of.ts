/** How many times the cost of an operation another one costs, measured in rounds in which both take turns. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { copyLog } from "./measure.ts";
import type { Ratio } from "./report.ts";

/** A thing to be done again and again, by the number of the time. */
export type Operation = (number: number) => Promise<unknown>;

export interface Method {
  /** The CPU time of the process, which other processes do not change much, or all time, the disk's included. */
  readonly time: "cpu" | "elapsed";
  /** The log is copied into the database before each turn; `inside`, what the turn has written is copied at its end, and counts. */
  readonly log: "outside" | "inside";
}

const WARM_UP_ROUNDS = 2;

/** The ratio within each round, and of those the middle one and the extremes. */
export async function ratioOf(measured: {
  readonly filename: string;
  readonly base: Operation;
  readonly other: Operation;
  /** In each round. */
  readonly times: number;
  readonly rounds: number;
  readonly method: Method;
}): Promise<Ratio> {
  const { filename, base, other, times, rounds, method } = measured;
  const cost = async (operation: Operation, round: number) => {
    copyLog(filename);
    globalThis.gc?.();
    await nextTurn();
    const start = now(method);
    for (let i = 0; i < times; i++) await operation(round * times + i);
    if (method.log === "inside") copyLog(filename);
    return now(method) - start;
  };
  const ratios: number[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + rounds; round++) {
    const otherFirst = round % 2 === 0 ? await cost(other, round) : undefined;
    const baseCost = await cost(base, round);
    const otherCost = otherFirst ?? (await cost(other, round));
    if (round >= WARM_UP_ROUNDS) ratios.push(otherCost / baseCost);
  }
  ratios.sort((a, b) => a - b);
  return { median: ratios[ratios.length >> 1]!, min: ratios[0]!, max: ratios.at(-1)! };
}

/** In microseconds. */
function now({ time }: Method): number {
  if (time === "elapsed") return performance.now() * 1_000;
  const { user, system } = process.cpuUsage();
  return user + system;
}
