/** `testCrm`: one call registers everything that a CRM must do, whatever its records are kept in. */
import { describe, it } from "vitest";
import type { AdapterFactory } from "./bench/bench.ts";
import { allCrmSuites } from "./crm-suites/all-crm-suites.ts";
import { type CrmSuite, withCrmBench } from "./crm-suites/crm-bench.ts";
import { reopening } from "./crm-suites/reopening.ts";
import { treePathsReopened } from "./crm-suites/tree-paths.ts";
import { interruptions } from "./migration-suites/interruptions.ts";
import { refusals } from "./migration-suites/refusals.ts";
import { upgrades } from "./migration-suites/upgrades.ts";

/** Some facts make tens of thousands of calls. */
const factTimeoutMs = 240_000;

export interface TestCrmOptions {
  /** The adapter finds its records again when it is opened a second time: what that needs is tested too. */
  readonly durable?: boolean;
  /** Only the parts of these names: for another arrangement of a storage on which all of them are proven. */
  readonly parts?: readonly string[];
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
export function testCrm(name: string, factory: AdapterFactory, { durable = false, parts }: TestCrmOptions = {}): void {
  const suites = parts ? parts.map(partNamed) : allCrmSuites;
  describe(`a CRM on ${name}`, () => register(suites, factory));
  if (durable) testReopening(name, factory);
}

/**
 * The part of `testCrm` that opens a database a second time: installing, upgrading and removing plugins where there are records.
 * `testCrm` registers it for durable adapters.
 */
export function testReopening(
  name: string,
  factory: AdapterFactory,
  { everyCall = false }: TestReopeningOptions = {},
): void {
  const suites = [reopening, treePathsReopened, upgrades, refusals, interruptions(everyCall)];
  describe(`a CRM opened again on ${name}`, () => register(suites, factory));
}

export interface TestReopeningOptions {
  /** Migrations are interrupted at every call to the storage, and not only at some: for storages that are quick to fill. */
  readonly everyCall?: boolean;
}

function partNamed(name: string): CrmSuite {
  const found = allCrmSuites.find((suite) => suite.name === name);
  if (!found) throw new Error(`testCrm has no part "${name}".`);
  return found;
}

function register(suites: readonly CrmSuite[], factory: AdapterFactory): void {
  for (const suite of suites) {
    describe(suite.name, () => {
      for (const fact of suite.facts) it(fact.name, () => withCrmBench(factory, fact.run), factTimeoutMs);
    });
  }
}
