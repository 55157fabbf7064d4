/** `testDomain`: one call registers everything that the CRM's domain must do, whatever its records are kept in. */
import { describe, it } from "vitest";
import type { AdapterFactory } from "./bench/bench.ts";
import { withCrmBench } from "./crm-suites/crm-bench.ts";
import { allDomainSuites } from "./domain-suites/all-domain-suites.ts";

const factTimeoutMs = 60_000;

/**
 * Registers the domain's behaviour with vitest, as facts of one test each, from pipelines and opportunities to merging, and a company's
 * first quarter as a whole, proven on the storage.
 *
 * @example
 * ```ts
 * import { memory } from "@relata/memory";
 * import { testDomain } from "@relata/testkit";
 *
 * testDomain("memory", () => memory());
 * ```
 */
export function testDomain(name: string, storage: AdapterFactory): void {
  describe(`the domain on ${name}`, () => {
    for (const suite of allDomainSuites) {
      describe(suite.name, () => {
        for (const fact of suite.facts) it(fact.name, () => withCrmBench(storage, fact.run), factTimeoutMs);
      });
    }
  });
}
