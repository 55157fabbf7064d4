/** Creating, reading and moving opportunities, and their board: each contestant on a copy of one file. */
import { rmSync } from "node:fs";
import { compareAnswers } from "../measure/compare-answers.ts";
import type { Entrant } from "../measure/measure.ts";
import type { Contestant, Reader } from "../sales/contestant.ts";
import type { SalesData } from "../sales/sales-data.ts";
import { readsOn, workloadsOn } from "../sales/workloads.ts";
import type { Bench } from "../suite.ts";
import { type FileEntrant, openEntrants } from "./contestants.ts";
import { rowsOf } from "./database-file.ts";

/** More records make large files: who and what is told by the smaller sizes is left out. */
const FEW_FROM = 1_000_000;

export interface MeasuredFile {
  readonly filename: string;
  readonly data: SalesData;
  /** Opportunities in it. */
  readonly size: number;
}

export async function measureSales(bench: Bench, { filename: original, data, size }: MeasuredFile): Promise<void> {
  const workloads = workloadsOn(data);
  if (bench.mode !== "answers" && !workloads.some(({ name }) => bench.measures(name))) return;
  /** Stands still while answers are compared. */
  const time = { fixed: Date.now() as number | undefined };
  const clock = () => time.fixed ?? Date.now();
  const few = size >= FEW_FROM;
  const { all, readers, close } = await openEntrants({ original, folder: bench.folder, clock, few });
  const reads: readonly FileEntrant<Reader>[] = [...all, ...readers];
  const entrantOf = new Map(all.map((entrant) => [entrant.name, entrant]));
  const rows = ({ name }: Entrant<Contestant>) => {
    const { driver, filename } = entrantOf.get(name)!;
    return rowsOf(driver, filename);
  };
  await compareAnswers({ entrants: reads, workloads: readsOn(data), since: time.fixed! });
  await compareAnswers({ entrants: all, workloads, ...(!few && { rows }), since: time.fixed! });
  time.fixed = undefined;

  const readWorkloads = new Map(readsOn(data).map((workload) => [workload.name, workload]));
  for (const workload of workloads) {
    const read = readWorkloads.get(workload.name);
    if (read) await bench.measure(read, reads, { size });
    else await bench.measure(workload, all, { size });
  }
  await close();
  for (const { filename } of reads) for (const end of ["", "-wal", "-shm"]) rmSync(filename + end, { force: true });
}
