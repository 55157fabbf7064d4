/** `testStorageAdapter`: one call registers everything that a storage adapter must do. */
import { describe, it } from "vitest";
import { type AdapterFactory, withBench } from "./bench/bench.ts";
import { allSuites } from "./suites/all-suites.ts";

const factTimeoutMs = 60_000;

/**
 * Registers the conformance suite with vitest: every pinned semantic of the storage contract as a test of its own, and random
 * programs against a model of the contract. There is nothing to configure and nothing to skip.
 *
 * @example
 * ```ts
 * import { memory } from "@relata/memory";
 * import { testStorageAdapter } from "@relata/testkit";
 *
 * testStorageAdapter("memory", () => memory());
 * ```
 */
export function testStorageAdapter(name: string, factory: AdapterFactory): void {
  describe(`${name} as a storage adapter`, () => {
    for (const suite of allSuites) {
      describe(suite.name, () => {
        for (const fact of suite.facts) it(fact.name, () => withBench(factory, fact.run), factTimeoutMs);
      });
    }
  });
}
