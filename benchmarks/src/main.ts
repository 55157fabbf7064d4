/**
 * `pnpm bench [suite…]`: every suite, each in a process of its own, or those named. All of them take about twenty-five minutes.
 *
 * `--quick`: a look at all, at smaller sizes, in a few minutes. `--smoke`: a few figures, and an error where one is twice in a row, in its best round, less than half of what is recorded
 * (suites without such figures have nothing to do).
 * `--answers`: only compares what the contestants answer. `--write`: records the figures of a suite as soon as it ends, and makes
 * docs/benchmarks.md and the README's table of all that is recorded; `--pages` makes only these. `--json=file`: writes them into a file of JSON, by suite. `--only=words,words`: only workloads with some of
 * these words in their name.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runSuite } from "./bench.ts";
import { figuresOf } from "./report/figure.ts";
import { writePages } from "./report/page.ts";
import { RECORDED_FILE, readReports, reportOf, writeReport } from "./report/recorded.ts";
import { collapses } from "./report/smoke.ts";
import { summaryOf } from "./report/terminal.ts";
import type { Mode, Suite } from "./suite.ts";

const ORDER = [
  "sqlite",
  "history",
  "hierarchies",
  "forecasting",
  "memberships",
  "relationships",
  "postgres",
  "memory",
  "outside",
];

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean" },
    smoke: { type: "boolean" },
    answers: { type: "boolean" },
    write: { type: "boolean" },
    pages: { type: "boolean" },
    json: { type: "string" },
    only: { type: "string" },
  },
});
const mode: Mode = options.answers ? "answers" : options.smoke ? "smoke" : options.quick ? "quick" : "full";
const names = suiteNames();
const unknown = positionals.find((name) => !names.includes(name));
if (unknown !== undefined) {
  console.error(`There is no suite ${JSON.stringify(unknown)}: ${names.join(", ")}.`);
  process.exitCode = 2;
} else if (options.pages) await writeRecorded();
else if (positionals.length === 1) process.exitCode = await runOne(positionals[0]!);
else process.exitCode = runEach(positionals.length > 0 ? positionals : names);

/** Gives the exit code. */
function runEach(suites: readonly string[]): number {
  const words = process.argv.slice(2).filter((word) => word.startsWith("--"));
  const start = performance.now();
  const passes = (name: string) => {
    console.log(`\n${name}`);
    const command = [...process.execArgv, process.argv[1]!, name, ...words];
    const { status } = spawnSync(process.execPath, command, { stdio: "inherit" });
    console.log(`${Math.round((performance.now() - start) / 1_000)} s since the first suite began.`);
    return status === 0;
  };
  // What else the machine does may spoil one measurement, and hardly two.
  const passed = suites.map((name) => passes(name) || (mode === "smoke" && passes(name)));
  return passed.every(Boolean) ? 0 : 1;
}

async function runOne(name: string): Promise<number> {
  const suite = await loadSuite(name);
  if (mode === "smoke" && !suite.goals.some(({ smoke }) => smoke)) return 0;
  const folder = mkdtempSync(join(tmpdir(), `relata-bench-${name}-`));
  try {
    const figures = figuresOf(suite, await runSuite(suite, { mode, folder, only: options.only }));
    if (mode === "answers") return 0;
    console.log(summaryOf(figures));
    const report = await reportOf(suite, mode, figures);
    if (options.json) writeReport(options.json, report);
    if (options.write) {
      writeReport(RECORDED_FILE, report);
      await writeRecorded();
    }
    const collapsed = mode === "smoke" ? collapses(figures, readReports(RECORDED_FILE)[name]?.figures ?? []) : [];
    for (const line of collapsed) console.error(`Collapsed: ${line}`);
    return collapsed.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function writeRecorded(): Promise<void> {
  writePages(await Promise.all(names.map(loadSuite)), readReports(RECORDED_FILE));
}

function suiteNames(): readonly string[] {
  return readdirSync(import.meta.dirname)
    .filter((name) => existsSync(join(import.meta.dirname, name, "suite.ts")))
    .sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
}

async function loadSuite(name: string): Promise<Suite> {
  const { suite } = (await import(`./${name}/suite.ts`)) as { readonly suite: Suite };
  return suite;
}
