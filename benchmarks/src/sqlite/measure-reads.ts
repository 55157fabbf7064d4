/** What is read of one file that all share, and that nobody writes. */
import { copyFileSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { compareAnswers } from "../measure/compare-answers.ts";
import type { Entrant } from "../measure/measure.ts";
import type { Contestant } from "../sales/contestant.ts";
import { measureConvertedSum } from "../sales/converted-sum.ts";
import { measureDeepPage } from "../sales/deep-page.ts";
import { type Including, includesOn, relataIncluding } from "../sales/includes.ts";
import { relataOn } from "../sales/relata.ts";
import type { SalesData } from "../sales/sales-data.ts";
import { COVERED_BOARD, workloadsOn } from "../sales/workloads.ts";
import type { Bench } from "../suite.ts";
import { NODE, RELATA } from "./contestants.ts";
import { openDatabase } from "./open-database.ts";
import { rawOn } from "./raw.ts";
import { rawIncluding } from "./raw-including.ts";
import { openFile } from "./relata.ts";

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
async function measureCoveredBoard(
  bench: Bench,
  { filename, size }: MeasuredFile,
  board: () => unknown,
): Promise<void> {
  if (bench.mode !== "answers" && !bench.measures(COVERED_BOARD.name)) return;
  const covered = `${filename}.covered.db`;
  copyFileSync(filename, covered);
  const database = new DatabaseSync(covered);
  database.exec(`create index board_by_hand on opportunity
    (tenant_id, pipeline_id, archived_at, stage_id, amount_currency, amount, probability);
    analyze board_by_hand`);
  database.close();
  const byHand = rawOn(openDatabase("node:sqlite", covered), Date.now);
  const entrants: readonly Entrant<() => unknown>[] = [
    { name: NODE, contestant: () => byHand.board() },
    { name: RELATA, contestant: board },
  ];
  await compareAnswers({ entrants, workloads: [COVERED_BOARD], since: Date.now() });
  await bench.measure(COVERED_BOARD, entrants, { size });
  await byHand.close();
  for (const end of ["", "-wal", "-shm"]) rmSync(covered + end, { force: true });
}
