/**
 * Relata beside node:sqlite and Kysely: `pnpm bench`, with 100,000 opportunities and many rounds, or `pnpm bench --quick`. `--write`
 * makes docs/benchmarks.md of the figures, `--json=file` a file of JSON. `--answers` only compares what the contestants answer.
 */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writePage } from "./benchmark-page.ts";
import { compareAnswers } from "./compare-answers.ts";
import type { Contestant, ContestantOptions } from "./contestant.ts";
import { kysely } from "./kysely.ts";
import { type Entrant, measure } from "./measure.ts";
import { raw } from "./raw.ts";
import { relata } from "./relata.ts";
import { page, reportOf, table } from "./report.ts";
import { writeSalesData } from "./sales-data.ts";
import { workloadsOn } from "./workloads.ts";

const CONTESTANTS: readonly (readonly [string, (options: ContestantOptions) => Contestant | Promise<Contestant>])[] = [
  ["raw", raw],
  ["Relata", relata],
  ["kysely", kysely],
];

const FULL = { opportunities: 100_000, effort: { rounds: 15, sampleMs: 60, warmUpMs: 300 } };
const QUICK = { opportunities: 20_000, effort: { rounds: 7, sampleMs: 20, warmUpMs: 120 } };

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean" },
    answers: { type: "boolean" },
    json: { type: "string" },
    write: { type: "boolean" },
  },
});
const { opportunities, effort } = options.quick || options.answers ? QUICK : FULL;
const folder = mkdtempSync(join(tmpdir(), "relata-bench-"));
try {
  await run();
} finally {
  rmSync(folder, { recursive: true });
}

async function run(): Promise<void> {
  const original = join(folder, "original.db");
  const data = await writeSalesData(original, opportunities);
  const workloads = workloadsOn(data);
  /** Stands still while answers are compared. */
  const time = { fixed: Date.now() as number | undefined };
  const clock = () => time.fixed ?? Date.now();

  const entrants: Entrant[] = [];
  for (const [name, open] of CONTESTANTS) {
    const filename = join(folder, `${name}.db`);
    copyFileSync(original, filename);
    entrants.push({ name, filename, contestant: await open({ filename, clock }) });
  }
  await compareAnswers(entrants, workloads);
  time.fixed = undefined;

  const measurements = [];
  for (const workload of options.answers ? [] : workloads) {
    console.log(`${workload.name} …`);
    measurements.push(await measure(entrants, workload, effort));
  }
  for (const { contestant } of entrants) await contestant.close();
  if (options.answers) return;

  const report = reportOf({ opportunities, effort, workloads, measurements });
  console.log(`\n${table(report)}`);
  if (options.json) writeFileSync(options.json, JSON.stringify(report, undefined, 2));
  if (options.write) writePage(page(report));
}
