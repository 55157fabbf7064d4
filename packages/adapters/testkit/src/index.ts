/** The conformance kit for storage adapters, and the harness for plugins. */
export type { AdapterFactory } from "./bench/bench.ts";
export { compareDomain } from "./compare-domain.ts";
export type { CompareOptions, NamedAdapter } from "./differential.ts";
export { compareStorageAdapters } from "./differential.ts";
export type { CrmWith, PluginUnderTest } from "./plugin-checks.ts";
export { pipelinedProbes } from "./tenant-matrix/pipelined-probes.ts";
export { testStorageAdapter } from "./test-adapter.ts";
export type { TestCrmOptions, TestReopeningOptions } from "./test-crm.ts";
export { testCrm, testReopening } from "./test-crm.ts";
export { testDomain } from "./test-domain.ts";
export type { PluginBench, PluginStorage, TestPluginOptions } from "./test-plugin.ts";
export { testPlugin } from "./test-plugin.ts";
