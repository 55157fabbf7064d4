/** What is read of one file that all share, and that nobody writes. */
import { copyFileSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { compareAnswers } from "../measure/compare-answers.ts";
import type { Entrant, Operation, Workload } from "../measure/measure.ts";
import type { Contestant } from "../sales/contestant.ts";
import { measureConvertedSum } from "../sales/converted-sum.ts";
import { measureDeepPage } from "../sales/deep-page.ts";
import { type Including, includesOn, relataIncluding } from "../sales/includes.ts";
import { relataOn } from "../sales/relata.ts";
import type { SalesData } from "../sales/sales-data.ts";
import { workloadsOn } from "../sales/workloads.ts";
import type { Bench } from "../suite.ts";
import { NODE, RELATA } from "./contestants.ts";
import { openDatabase } from "./open-database.ts";
import { rawOn } from "./raw.ts";
import { rawIncluding } from "./raw-including.ts";
import { openFile } from "./relata.ts";

export const COVERED_BOARD = "board, covering index";
/** Of the largest file, by Relata and the driver alone. */
const LARGE = ["get", "list of 50", "board"];

export interface MeasuredFile {
  readonly filename: string;
  readonly data: SalesData;
  /** Opportunities in it. */
  readonly size: number;
}

/** `isLarge`: it has no stage entries but those of the first records, and nobody else reads it. */
export async function measureReads(bench: Bench, file: MeasuredFile, isLarge: boolean): Promise<void> {
  const { filename, data, size } = file;
  const crm = await openFile(filename, Date.now);
  const database = openDatabase("node:sqlite", filename);
  if (isLarge) {
    const entrants: readonly Entrant<Contestant>[] = [
      { name: NODE, contestant: rawOn(database, Date.now) },
      { name: RELATA, contestant: relataOn(crm) },
    ];
    const workloads = workloadsOn(data).filter(({ name }) => LARGE.includes(name));
    await compareAnswers({ entrants, workloads, since: Date.now() });
    for (const workload of workloads) await bench.measure(workload, entrants, { size });
  } else {
    const entrants: readonly Entrant<Including>[] = [
      { name: NODE, contestant: rawIncluding(database) },
      { name: RELATA, contestant: relataIncluding(crm) },
    ];
    const workloads = includesOn(data);
    await compareAnswers({ entrants, workloads, since: Date.now() });
    for (const workload of workloads) await bench.measure(workload, entrants, { size });
  }
  await measureDeepPage(bench, crm, { size });
  await measureConvertedSum(bench, crm, { size });
  await measureCoveredBoard(bench, file, () => relataOn(crm).board());
  await crm.close();
  database.close();
}

/** The index by hand is one of a copy, where Relata does not see it. */
async function measureCoveredBoard(bench: Bench, { filename, size }: MeasuredFile, board: Operation): Promise<void> {
  if (bench.mode !== "answers" && !bench.measures(COVERED_BOARD)) return;
  const covered = `${filename}.covered.db`;
  copyFileSync(filename, covered);
  const database = new DatabaseSync(covered);
  database.exec(`create index board_by_hand on opportunity
    (tenant_id, pipeline_id, archived_at, stage_id, amount_currency, amount, probability);
    analyze board_by_hand`);
  database.close();
  const byHand = rawOn(openDatabase("node:sqlite", covered), Date.now);
  const workload: Workload<Operation> = {
    name: COVERED_BOARD,
    what: "the same, beside the query by hand with an index of its own that has all that it reads",
    prepare: (operation) => operation,
  };
  const entrants: readonly Entrant<Operation>[] = [
    { name: NODE, contestant: () => byHand.board() },
    { name: RELATA, contestant: board },
  ];
  await compareAnswers({ entrants, workloads: [workload], since: Date.now() });
  await bench.measure(workload, entrants, { size });
  await byHand.close();
  for (const end of ["", "-wal", "-shm"]) rmSync(covered + end, { force: true });
}
