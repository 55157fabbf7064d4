/** `testCrm`: one call registers everything that a CRM must do, whatever its records are kept in. */
import { describe, it } from "vitest";
import type { AdapterFactory } from "./bench/bench.ts";
import { allCrmSuites } from "./crm-suites/all-crm-suites.ts";
import { withCrmBench } from "./crm-suites/crm-bench.ts";
import { reopening } from "./crm-suites/reopening.ts";

const factTimeoutMs = 30_000;

export interface TestCrmOptions {
  /** The adapter finds its records again when it is opened a second time: what that needs is tested too. */
  readonly durable?: boolean;
}

/**
 * Registers the behaviour of a CRM with vitest, as facts of one test each: core proven on the storage. It stands above
 * `testStorageAdapter`, which tells what is wrong with a storage more precisely.
 *
 * @example
 * ```ts
 * import { memory } from "@relata/memory";
 * import { testCrm } from "@relata/testkit";
 *
 * testCrm("memory", () => memory());
 * ```
 */
export function testCrm(name: string, factory: AdapterFactory, { durable = false }: TestCrmOptions = {}): void {
  describe(`a CRM on ${name}`, () => {
    for (const suite of durable ? [...allCrmSuites, reopening] : allCrmSuites) {
      describe(suite.name, () => {
        for (const fact of suite.facts) it(fact.name, () => withCrmBench(factory, fact.run), factTimeoutMs);
      });
    }
  });
}
