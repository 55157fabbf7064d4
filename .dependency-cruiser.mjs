// The dependency rules of ARCHITECTURE.md, checked by `pnpm check`.

const tests = "\\.(test|test-d)\\.ts$";
/** What only tests use. */
const fixtures = "-fixture\\.ts$";
const workspace = "^(packages/core|packages/adapters/[^/]+|packages/plugins/[^/]+|examples/[^/]+)/";

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    {
      name: "no-cycles",
      comment: "A cycle means that two files are one, or that a contract is missing between them.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "everything-resolves",
      comment: "An import that does not resolve is not declared in the package's own manifest.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "core-stands-alone",
      comment: "Core imports no adapter, no plugin and no example (its tests may use the memory adapter).",
      severity: "error",
      from: { path: "^packages/core/src/", pathNot: tests },
      to: { path: "^(packages/(adapters|plugins)|examples)/" },
    },
    {
      name: "core-tests-use-memory-only",
      severity: "error",
      from: { path: `^packages/core/src/.*${tests}` },
      to: { path: "^(packages/(adapters|plugins)|examples)/", pathNot: "^packages/adapters/(memory|testkit)/" },
    },
    {
      name: "core-dependencies",
      comment:
        "Core's runtime dependencies are zod, big.js, eventemitter3 and fractional-indexing; another one needs a decision record.",
      severity: "error",
      from: { path: "^packages/core/src/", pathNot: tests },
      to: {
        path: "node_modules/",
        pathNot: "node_modules/(zod|big\\.js|@types/big\\.js|eventemitter3|fractional-indexing)/",
      },
    },
    {
      name: "no-node-in-neutral-packages",
      comment: "Core, the memory adapter, the SQL engine and the plugins run in any JavaScript runtime.",
      severity: "error",
      from: { path: "^packages/(core|adapters/memory|adapters/sql|plugins/[^/]+)/src/", pathNot: [tests, fixtures] },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "kernel-knows-no-domain",
      comment: "The kernel knows nothing of customers; the domain is written with what a plugin author has.",
      severity: "error",
      from: { path: "^packages/core/src/kernel/" },
      to: { path: "^packages/core/src/domain/" },
    },
    {
      name: "kysely-in-sql-adapters-only",
      severity: "error",
      from: { path: "^packages/", pathNot: "^packages/adapters/(sql|sqlite|postgres)/" },
      to: { path: "(^|node_modules/)kysely(/|$)" },
    },
    {
      name: "plugins-import-no-adapter",
      comment: "A plugin runs on every storage (its tests use them, and the testkit).",
      severity: "error",
      from: { path: "^packages/plugins/", pathNot: [tests, fixtures] },
      to: { path: "^packages/adapters/" },
    },
    {
      name: "plugin-tests-use-storages-only",
      comment: "A plugin is tested on every storage.",
      severity: "error",
      from: { path: `^packages/plugins/.*${tests}` },
      to: {
        path: "^packages/adapters/",
        pathNot: "^packages/adapters/(memory|sqlite|postgres|postgres-server|testkit)/",
      },
    },
    {
      name: "test-server-in-tests-only",
      comment: "The PostgreSQL server for tests is not published.",
      severity: "error",
      from: {
        path: "^packages/.*/src/",
        pathNot: [tests, fixtures, "/src/fixtures/", "^packages/adapters/postgres-server/"],
      },
      to: { path: "^packages/adapters/postgres-server/" },
    },
    {
      name: "public-entry-points-only",
      comment: "A package is entered by the entry points that its manifest names.",
      severity: "error",
      from: { path: workspace },
      to: {
        path: workspace,
        pathNot: [
          "^$1/",
          "^packages/core/src/(index|plugin|adapter|markup)\\.ts$",
          "^packages/(adapters|plugins)/[^/]+/src/index\\.ts$",
        ],
      },
    },
    {
      name: "packages-by-name",
      comment: "Another package is imported by its name, never by a relative path.",
      severity: "error",
      from: { path: workspace },
      to: { path: workspace, pathNot: "^$1/", dependencyTypes: ["local"] },
    },
    {
      name: "no-tests-in-sources",
      severity: "error",
      from: { pathNot: tests },
      to: { path: tests },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    // benchmarks/peers is installed by itself, and only when it runs.
    exclude: { path: "(^|/)dist/|^benchmarks/peers/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@relata/source", "import", "types", "node", "default"],
      extensions: [".ts", ".js", ".mjs", ".d.ts"],
    },
  },
};
