/**
 * How the two expectations are joined, how far they were off, and how wide errors are: from windows whose end was known at the origin,
 * with stated defaults for where there are none, towards which few windows are shrunk.
 * The weight is the least-squares one (Bates & Granger 1969, Operational Research Quarterly 20, 451-468), between 0 and 1.
 */
import type { Expectation } from "./expectation.ts";
import { chanceShift, openSums, shiftedBy } from "./open-chances.ts";

/** Half by the pipeline, half by the run rate; no bias; the spread of the model as it is; and a tenth for what all owners share. */
export const poolingDefaults = { weight: 0.5, bias: 1, width: 1, shared: 0.1 } as const;
/** For how many earlier windows the defaults count. */
const defaultWindows = 2;

export interface Pooling {
  /** What is added to the log-odds of every open deal. */
  readonly shift: number;
  /** Of the pipeline with what is still to come in; the rest is the run rate's. */
  readonly weight: number;
  /** What the joined expectation is multiplied by. */
  readonly bias: number;
  /** What the spread of an owner's simulated outcomes is multiplied by. */
  readonly width: number;
  /** The standard deviation of the error that all owners share, as a share of the sum. */
  readonly shared: number;
  /** How many earlier windows this comes from. */
  readonly windows: number;
  /** How many more had not ended, and were cut at the origin: for the spread only. */
  readonly cutWindows: number;
}

/** An earlier window, and what came of it: won by each owner after its origin. */
export interface PastWindow {
  readonly expected: Expectation;
  readonly outcome: Float64Array;
  /** Whether the window had ended at the origin. One that had not, cut there, tells of spread, not of bias: it is another part of a quarter. */
  readonly whole: boolean;
}

export function fitPooling(all: readonly PastWindow[]): Pooling {
  const shift = chanceShift(all.filter(({ whole }) => whole).map(({ expected }) => expected.openChances));
  const shifted = all.map((window) => ({ ...window, expected: withShift(window.expected, shift) }));
  const past = shifted.filter(({ whole }) => whole);
  const trust = past.length / (past.length + defaultWindows);
  const weight = trust * leastSquaresWeight(past) + (1 - trust) * poolingDefaults.weight;
  const bias = biasOf(past, weight);
  const spread = spreadOf(shifted, weight, bias);
  return { shift, weight, bias, ...spread, windows: past.length, cutWindows: all.length - past.length };
}

/** The joined expectation of each owner for the days after the origin; never below zero, though amounts may be. */
export function joined(expected: Expectation, { weight, bias }: Pick<Pooling, "weight" | "bias">): Float64Array {
  return Float64Array.from(expected.open, (open, owner) => {
    const pipeline = open + expected.arriving[owner]!;
    return Math.max(0, bias * (weight * pipeline + (1 - weight) * expected.runRate[owner]!));
  });
}

function withShift(expected: Expectation, shift: number): Expectation {
  return { ...expected, ...openSums(shiftedBy(expected.openChances, shift), expected.open.length) };
}

function leastSquaresWeight(past: readonly PastWindow[]): number {
  let across = 0;
  let square = 0;
  for (const { expected, outcome } of past)
    for (let owner = 0; owner < outcome.length; owner += 1) {
      const run = expected.runRate[owner]!;
      const apart = expected.open[owner]! + expected.arriving[owner]! - run;
      across += apart * (outcome[owner]! - run);
      square += apart ** 2;
    }
  return square > 0 ? Math.min(1, Math.max(0, across / square)) : poolingDefaults.weight;
}

function biasOf(past: readonly PastWindow[], weight: number): number {
  let expectedSum = 0;
  let outcomeSum = 0;
  for (const { expected, outcome } of past) {
    expectedSum += total(joined(expected, { weight, bias: 1 }));
    outcomeSum += total(outcome);
  }
  if (past.length === 0 || expectedSum <= 0) return poolingDefaults.bias;
  const prior = (defaultWindows * expectedSum) / past.length;
  return Math.max(0, (outcomeSum + prior) / (expectedSum + prior));
}

function spreadOf(past: readonly PastWindow[], weight: number, bias: number) {
  let squares = 0;
  let owners = 0;
  let shared = 0;
  for (const { expected, outcome } of past) {
    const means = joined(expected, { weight, bias });
    const sum = total(means);
    if (sum > 0) shared += ((total(outcome) - sum) / sum) ** 2;
    for (let owner = 0; owner < outcome.length; owner += 1) {
      const mean = means[owner]!;
      const variance = varianceOf(expected, owner, mean);
      if (variance <= 0) continue;
      squares += (outcome[owner]! - mean) ** 2 / variance;
      owners += 1;
    }
  }
  const prior = owners > 0 ? (defaultWindows * owners) / past.length : 1;
  const width = Math.sqrt((squares + prior * poolingDefaults.width ** 2) / (owners + prior));
  const sharedSquare = (shared + defaultWindows * poolingDefaults.shared ** 2) / (past.length + defaultWindows);
  return { width, shared: Math.sqrt(sharedSquare) };
}

/** The variance of what an owner wins, by the model: open deals that are won or not, and a compound Poisson sum for the rest. */
function varianceOf(expected: Expectation, owner: number, mean: number): number {
  const open = expected.open[owner]!;
  const variance = expected.openVariance[owner]!;
  if (mean >= open) return variance + (mean - open) * expected.unitVariance;
  return open > 0 ? variance * (mean / open) ** 2 : 0;
}

const total = (numbers: Float64Array): number => numbers.reduce((sum, number) => sum + number, 0);
