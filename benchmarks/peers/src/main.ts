/**
 * `pnpm bench:peers [suite…]`: the libraries that one would take instead of Relata, beside it and the raw driver. By hand only.
 *
 * `--quick`: a look in two minutes. `--answers`: only compares what they answer. `--write`: makes docs/benchmarks-peers.md, of all suites.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runSuite } from "../../src/bench.ts";
import { figuresOf } from "../../src/report/figure.ts";
import { readReports, reportOf, writeReport } from "../../src/report/recorded.ts";
import type { Suite } from "../../src/suite.ts";
import { writePeersPage } from "./peers-page.ts";

/** In the order of the page; each takes seconds to load. */
const SUITES: Readonly<Record<string, () => Promise<{ readonly suite: Suite }>>> = {
  orms: () => import("./suites/orms.ts"),
  frameworks: () => import("./suites/frameworks.ts"),
  memory: () => import("./suites/memory.ts"),
};

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean" },
    answers: { type: "boolean" },
    write: { type: "boolean" },
    only: { type: "string" },
    /** The one suite named is run in this process, and its report written here. */
    report: { type: "string" },
  },
});
const mode = options.answers ? "answers" : options.quick ? "quick" : "full";
const names = positionals.length > 0 ? positionals : Object.keys(SUITES);
const unknown = names.find((name) => !Object.hasOwn(SUITES, name));
const folder = mkdtempSync(join(tmpdir(), "relata-bench-peers-"));
try {
  if (unknown !== undefined) throw new Error(`There is no suite ${unknown}: ${Object.keys(SUITES).join(", ")}.`);
  if (options.report) await runHere(names[0]!, options.report);
  else process.exitCode = await runEach();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Each in a process of its own; gives the exit code. */
async function runEach(): Promise<number> {
  const report = join(folder, "reports.json");
  const words = process.argv.slice(2).filter((word) => word.startsWith("--"));
  const statuses = names.map((name) => {
    console.log(`\n${name}`);
    const args = [...process.execArgv, process.argv[1]!, name, `--report=${report}`, ...words];
    return spawnSync(process.execPath, args, { stdio: "inherit" }).status;
  });
  if (!statuses.every((status) => status === 0)) return 1;
  if (options.write) writePeersPage(await Promise.all(names.map(suiteNamed)), readReports(report));
  return 0;
}

async function runHere(name: string, report: string): Promise<void> {
  const suite = await suiteNamed(name);
  const figures = figuresOf(suite, await runSuite(suite, { mode, folder, only: options.only }));
  if (mode !== "answers") writeReport(report, await reportOf(suite, mode, figures));
}

async function suiteNamed(name: string): Promise<Suite> {
  const { suite } = await SUITES[name]!();
  return suite;
}
