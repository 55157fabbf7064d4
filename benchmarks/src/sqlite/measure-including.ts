/** Includes beside a statement for each record: on one file, which is only read. */
import { compareAnswers } from "../measure/compare-answers.ts";
import type { Entrant } from "../measure/measure.ts";
import { type IncludingContestant, includesOn, relataIncluding } from "../sales/includes.ts";
import type { SalesData } from "../sales/sales-data.ts";
import type { Bench } from "../suite.ts";
import { rawIncluding } from "./raw-including.ts";
import { openFile } from "./relata.ts";

interface Measured {
  readonly filename: string;
  readonly data: SalesData;
  readonly size: number;
}

export async function measureIncluding(bench: Bench, { filename, data, size }: Measured): Promise<void> {
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
