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
import { suite as frameworks } from "./suites/frameworks.ts";
import { suite as memory } from "./suites/memory.ts";
import { suite as orms } from "./suites/orms.ts";

const SUITES: readonly Suite[] = [orms, frameworks, memory];

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
const folder = mkdtempSync(join(tmpdir(), "relata-bench-peers-"));
try {
  if (options.report) await runHere(SUITES.find(({ name }) => name === positionals[0])!, options.report);
  else process.exitCode = runEach();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Each in a process of its own; gives the exit code. */
function runEach(): number {
  const report = join(folder, "reports.json");
  const words = process.argv.slice(2).filter((word) => word.startsWith("--"));
  const suites = SUITES.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const statuses = suites.map(({ name, title }) => {
    console.log(`\n${title}`);
    const args = [...process.execArgv, process.argv[1]!, name, `--report=${report}`, ...words];
    return spawnSync(process.execPath, args, { stdio: "inherit" }).status;
  });
  const passed = suites.length > 0 && statuses.every((status) => status === 0);
  if (passed && options.write) writePeersPage(SUITES, readReports(report));
  return passed ? 0 : 1;
}

async function runHere(suite: Suite, report: string): Promise<void> {
  const figures = figuresOf(suite, await runSuite(suite, { mode, folder, only: options.only }));
  if (mode !== "answers") writeReport(report, await reportOf(suite, mode, figures));
}
