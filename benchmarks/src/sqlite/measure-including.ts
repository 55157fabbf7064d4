/** Includes beside a statement for each record: on one file, which is only read. */
import { compareAnswers } from "../measure/compare-answers.ts";
import type { Entrant } from "../measure/measure.ts";
import { type IncludingContestant, includesOn, relataIncluding } from "../sales/includes.ts";
import type { Bench } from "../suite.ts";
import type { MeasuredFile } from "./measure-sales.ts";
import { rawIncluding } from "./raw-including.ts";
import { openFile } from "./relata.ts";

export async function measureIncluding(bench: Bench, { filename, data, size }: MeasuredFile): Promise<void> {
  const crm = await openFile(filename, Date.now);
  const raw = rawIncluding("node:sqlite", filename);
  const entrants: Entrant<IncludingContestant>[] = [
    { name: "node:sqlite", contestant: raw },
    { name: "Relata", contestant: relataIncluding(crm) },
  ];
  const workloads = includesOn(data);
  await compareAnswers({ entrants, workloads, since: Date.now() });
  for (const workload of workloads) await bench.measure(workload, entrants, { size });
  await crm.close();
  raw.close();
}
