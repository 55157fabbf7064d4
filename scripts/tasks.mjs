// The tasks behind `npm run <task>`, run by scripts/run.mjs with a recent Node and every tool on PATH.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";

const root = process.cwd();
const cache = join(root, ".cache");
const [task, ...taskArguments] = process.argv.slice(2);

/** Node's flags to run the packages' sources as they are. */
const fromSource = [
  "--experimental-strip-types",
  "--disable-warning=ExperimentalWarning",
  "--conditions=@relata/source",
];

/** Of a failed check, told again at the end. */
const LAST_LINES = 5;

const benchmark = "benchmarks/src/main.ts";
const peers = "benchmarks/peers";
const evaluation = "benchmarks/src/forecasting-accuracy/main.ts";

const checks = [
  ["format and lint", () => quiet("biome", ["check", "--error-on-warnings"])],
  ["types", () => quiet("tsc", ["-p", "tsconfig.json"])],
  ["types without Node or DOM", () => quiet("tsc", ["-p", "tsconfig.neutral.json"])],
  [
    "dependency rules",
    () => quiet("depcruise", ["--config", ".dependency-cruiser.mjs", "packages", "benchmarks", "examples"]),
  ],
  ["dead code", () => quiet("knip", ["--no-config-hints"])],
  ["build", build],
  ["packages as published", () => script("check-packages")],
  ["size", () => script("check-size")],
  ...(existsSync("scripts/check-type-budget.mjs") ? [["type budget", () => script("check-type-budget")]] : []),
  ["code in docs", () => script("check-docs")],
  ["benchmarks, a few", () => quiet(process.execPath, [...fromSource, "--expose-gc", benchmark, "--smoke"])],
  ["api reference", () => quiet("typedoc", ["--logLevel", "Warn"])],
  ["changesets", () => script("check-changesets")],
];

const tasks = {
  demo,
  test: taskArguments.length > 0 ? () => loud("vitest", ["run", ...taskArguments]) : test,
  check: async () => report(await runChecks()),
  bench,
  "bench:peers": benchPeers,
  evaluate: () => loud(process.execPath, [...fromSource, evaluation, ...taskArguments]),
  build: async () => report([await step("build", build)]),
  docs: async () => report([await step("api reference", () => quiet("typedoc", []))]),
  fix: () => loud("biome", ["check", "--write"]),
};

mkdirSync(cache, { recursive: true });
if (!Object.hasOwn(tasks, task ?? "")) {
  console.error(`Unknown task ${JSON.stringify(task ?? "")}: one of ${Object.keys(tasks).join(", ")}.`);
  process.exit(2);
}
const passed = await tasks[task]();
process.exitCode = passed ? 0 : 1;

/** Started without a package manager between, which would take the caller's folder (INIT_CWD) for its own. */
function demo() {
  return loud(process.execPath, [...fromSource, "examples/sales-team/src/main.ts", ...taskArguments]);
}

/** Every check, then every test: all run, and what failed is told at the end. */
async function test() {
  const started = performance.now();
  const results = await runChecks();
  const summaryFile = join(cache, "vitest.json");
  console.log("\ntests");
  rmSync(summaryFile, { force: true });
  const ok = await loud("vitest", ["run", "--reporter=default", "--reporter=json", `--outputFile=${summaryFile}`]);
  results.push({ name: "tests", ok });
  const summary = existsSync(summaryFile) ? JSON.parse(readFileSync(summaryFile, "utf8")) : undefined;
  const allPassed = report(results);
  const skipped = (summary?.numPendingTests ?? 0) + (summary?.numTodoTests ?? 0);
  console.log(
    `Tests: ${summary?.numPassedTests ?? 0} passed, ${summary?.numFailedTests ?? 0} failed, ${skipped} skipped, in ${seconds(started)}.`,
  );
  return allPassed;
}

async function runChecks() {
  const results = [];
  for (const [name, action] of checks) results.push(await step(name, action));
  return results;
}

function bench() {
  return loud(process.execPath, [...fromSource, "--expose-gc", benchmark, ...taskArguments]);
}

/** What is compared there has a lock file of its own, and is installed only here. */
async function benchPeers() {
  const installed = await quiet("pnpm", ["--dir", peers, "install", "--frozen-lockfile", "--prefer-offline"]);
  if (!installed.ok) console.error(installed.output);
  return (
    installed.ok && loud(process.execPath, [...fromSource, "--expose-gc", `${peers}/src/main.ts`, ...taskArguments])
  );
}

function build() {
  return quiet("pnpm", [
    "--recursive",
    "--no-sort",
    "--no-bail",
    "--workspace-concurrency=2",
    "--if-present",
    "run",
    "build",
  ]);
}

function script(name) {
  return quiet(process.execPath, [join("scripts", `${name}.mjs`)]);
}

/** Runs one step and prints one line for it, with its output only if it failed or has a remark (a line that starts with "note:"). */
async function step(name, action) {
  const started = performance.now();
  const { ok, output, errors } = await action();
  console.log(`${ok ? "pass" : "FAIL"}  ${name.padEnd(28)}${seconds(started).padStart(8)}`);
  const shown = ok ? output.split("\n").filter((line) => line.startsWith("note:")) : output.split("\n");
  for (const line of shown) if (line.trim() !== "") console.log(`      ${line}`);
  return { name, ok, last: (errors || output).trim().split("\n").slice(-LAST_LINES) };
}

/** Tells again at the end, where it is read, how each failed check ended. */
function report(results) {
  const failed = results.filter(({ ok }) => !ok).map(({ name }) => name);
  const list = failed.length > 0 ? `: ${failed.join(", ")}` : "";
  for (const { name, last = [] } of results.filter(({ ok }) => !ok))
    for (const line of last) console.log(`${name}: ${line}`);
  console.log(`Checks: ${results.length - failed.length} passed, ${failed.length} failed${list}.`);
  return failed.length === 0;
}

function quiet(command, args) {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: root,
      shell: process.platform === "win32",
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      output += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk) => {
      output += chunk;
      errors += chunk;
    });
    child.on("error", (error) => done({ ok: false, output: `${command}: ${error.message}`, errors: "" }));
    child.on("close", (code) => done({ ok: code === 0, output, errors }));
  });
}

function loud(command, args) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: root, shell: process.platform === "win32", stdio: "inherit" });
    child.on("error", (error) => {
      console.error(`${command}: ${error.message}`);
      done(false);
    });
    child.on("close", (code) => done(code === 0));
  });
}

function seconds(started) {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}
