/** The conformance kit for storage adapters. */
export type { AdapterFactory } from "./bench/bench.ts";
export type { CompareOptions, NamedAdapter } from "./differential.ts";
export { compareStorageAdapters } from "./differential.ts";
export { testStorageAdapter } from "./test-adapter.ts";
export type { TestCrmOptions, TestReopeningOptions } from "./test-crm.ts";
export { testCrm, testReopening } from "./test-crm.ts";
export { testDomain } from "./test-domain.ts";
