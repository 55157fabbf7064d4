/** What the suites are made of: facts with names, which can be registered with a test runner or run one by one. */
import type { Bench } from "./bench.ts";

/** One pinned semantic. `run` rejects when it does not hold. */
export interface Fact {
  readonly name: string;
  run(bench: Bench): Promise<void>;
}

export interface Suite {
  readonly name: string;
  readonly facts: readonly Fact[];
}

export function fact(name: string, run: (bench: Bench) => Promise<void>): Fact {
  return { name, run };
}
