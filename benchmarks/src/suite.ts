/** What a benchmark suite is: contestants on a storage, workloads at a size, and goals for what they cost beside each other. */
import type { Effort, Entrant, Measurement, Workload } from "./measure/measure.ts";

/**
 * One suite: `src/<name>/suite.ts` exports it as `suite`.
 *
 * It runs in a process of its own.
 */
export interface Suite {
  /** That of its folder. */
  readonly name: string;
  readonly title: string;
  readonly storage: "sqlite" | "postgres" | "memory" | "outside";
  readonly goals: readonly Goal[];
  /** Further pairs to show, each as how many times as fast the first is as the second. */
  readonly comparisons: readonly (readonly [one: string, other: string])[];
  /** Who takes part, in words, by name; for the page. */
  readonly contestants: Readonly<Record<string, string>>;
  /** How it is measured beyond what holds for all suites: paragraphs for the page. */
  readonly method: string;
  /** Of the storage and the libraries that were measured, by name. */
  versions(): Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  run(bench: Bench): Promise<void>;
}

/**
 * What is wanted of a workload, at every size at which it is measured unless it says from which on.
 *
 * `atLeast`: how many times as fast the first of the pair is as the second. `atMost`: how many times the cost of the second the first
 * has; with no second, what it costs, in the measurement's unit.
 */
export interface Goal {
  readonly workload: string;
  readonly of: readonly [one: string, other: string] | readonly [one: string];
  readonly atLeast?: number;
  readonly atMost?: number;
  /** It holds from so many records on; at smaller sizes the figure is only shown. */
  readonly from?: number;
  /** Why it is not reached where it is not: what bounds it, as measured. */
  readonly bound?: string;
  /** Measured by `--smoke` too, which fails when its best round is less than half of what was recorded for the same size. */
  readonly smoke?: boolean;
  /** Shown in the README under this name, for the largest size. */
  readonly headline?: string;
}

/**
 * `full` is for the page, `quick` for a look (a few minutes for all suites), `smoke` for CI (a few seconds a suite), `answers` only
 * compares what the entrants answer.
 */
export type Mode = "full" | "quick" | "smoke" | "answers";

export interface Bench {
  readonly mode: Mode;
  /** Prints what takes a while now. */
  say(words: string): void;
  /** Of each workload, unless it is measured with another. */
  readonly effort: Effort;
  /** Empty, and removed at the end. */
  readonly folder: string;
  /** Whether `measure` would measure it: in `smoke` only what has a goal with `smoke`, in `answers` nothing. For what is dear to prepare. */
  measures(workload: string): boolean;
  /** Measures one workload and prints a line for each of its figures, unless it is not wanted in this mode. */
  measure<Contestant>(
    workload: Workload<Contestant>,
    entrants: readonly Entrant<Contestant>[],
    options?: { readonly size?: number; readonly effort?: Partial<Effort> },
  ): Promise<void>;
  /** Adds what was measured in another way, round by round: the time of a start, the size of a bundle. */
  add(measurement: Measurement): void;
}
