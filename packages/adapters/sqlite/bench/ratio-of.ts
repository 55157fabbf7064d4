/** How many times the cost of an operation another one costs, measured in rounds in which both take turns. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Ratio } from "./report.ts";

/** A thing to be done again and again, by the number of the time. */
export type Operation = (number: number) => Promise<unknown>;

/** What is measured: the CPU time of the process, which other processes do not change much, or all time, the disk's included. */
export type Time = "cpu" | "elapsed";

const WARM_UP_ROUNDS = 2;

/** The ratio within each round, and of those the middle one and the extremes. */
export async function ratioOf(measured: {
  readonly base: Operation;
  readonly other: Operation;
  /** In each round. */
  readonly times: number;
  readonly rounds: number;
  readonly time: Time;
}): Promise<Ratio> {
  const { base, other, times, rounds, time } = measured;
  const cost = async (operation: Operation, round: number) => {
    globalThis.gc?.();
    await nextTurn();
    const start = now(time);
    for (let i = 0; i < times; i++) await operation(round * times + i);
    return now(time) - start;
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
function now(time: Time): number {
  if (time === "elapsed") return performance.now() * 1_000;
  const { user, system } = process.cpuUsage();
  return user + system;
}
