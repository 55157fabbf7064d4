/** Creating, reading and moving opportunities, and their board: each contestant on a copy of one file. */
import { rmSync } from "node:fs";
import { compareAnswers } from "../measure/compare-answers.ts";
import type { Entrant } from "../measure/measure.ts";
import type { Contestant, Reader } from "../sales/contestant.ts";
import { LEAST_SIZE } from "../sales/sales-data.ts";
import { FIVE_FIELDS, readsOn, workloadsOn } from "../sales/workloads.ts";
import type { Bench } from "../suite.ts";
import { type FileEntrant, openEntrants } from "./contestants.ts";
import { rowsOf } from "./database-file.ts";
import type { MeasuredFile } from "./measure-reads.ts";

export async function measureSales(bench: Bench, { filename: original, data, size }: MeasuredFile): Promise<void> {
  const workloads = workloadsOn(data);
  if (bench.mode !== "answers" && !workloads.some(({ name }) => bench.measures(name))) return;
  /** Stands still while answers are compared. */
  const time = { fixed: Date.now() as number | undefined };
  const clock = () => time.fixed ?? Date.now();
  const { all, readers, wholeRows, close } = await openEntrants({ original, folder: bench.folder, clock });
  const reads: readonly FileEntrant<Reader>[] = [...all, ...readers];
  const entrantOf = new Map(all.map((entrant) => [entrant.name, entrant]));
  const rows = ({ name }: Entrant<Contestant>) => {
    const { driver, filename } = entrantOf.get(name)!;
    return rowsOf(driver, filename);
  };
  await compareAnswers({ entrants: reads, workloads: readsOn(data), since: time.fixed! });
  await compareAnswers({ entrants: all, workloads, ...(size === LEAST_SIZE && { rows }), since: time.fixed! });
  time.fixed = undefined;

  const readWorkloads = new Map(readsOn(data).map((workload) => [workload.name, workload]));
  for (const workload of workloads) {
    const read = readWorkloads.get(workload.name);
    if (read?.name === FIVE_FIELDS) await bench.measure(read, [...reads, ...wholeRows], { size });
    else if (read) await bench.measure(read, reads, { size });
    else await bench.measure(workload, all, { size });
  }
  await close();
  for (const { filename } of reads) for (const end of ["", "-wal", "-shm"]) rmSync(filename + end, { force: true });
}
