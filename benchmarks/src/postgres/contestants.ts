/** The contestants, each on a copy of one database. */
import { compareAnswers } from "../measure/compare-answers.ts";
import type { Entrant } from "../measure/measure.ts";
import type { Contestant } from "../sales/contestant.ts";
import { relataOn } from "../sales/relata.ts";
import { LEAST_SIZE } from "../sales/sales-data.ts";
import { workloadsOn } from "../sales/workloads.ts";
import type { Bench } from "../suite.ts";
import { type Databases, rowsOf } from "./database.ts";
import { drizzle } from "./drizzle.ts";
import { kysely } from "./kysely.ts";
import type { MeasuredDatabase } from "./measure-reads.ts";
import { type RawOptions, raw } from "./raw.ts";
import { copying, oneStatement } from "./raw-writes.ts";
import { openDatabase } from "./relata.ts";

type OpenContestant = (options: RawOptions) => Promise<Contestant>;

const relata: OpenContestant = async ({ url, clock }) => relataOn(await openDatabase(url, clock));

const CONTESTANTS: Readonly<Record<string, OpenContestant>> = {
  raw,
  Relata: relata,
  "one statement": oneStatement,
  COPY: copying,
  kysely,
  drizzle,
};

/** Who is measured only in what they do in a way of their own. */
const ONLY: Readonly<Record<string, string>> = { "one statement": "create", COPY: "bulk create" };

export async function measureContestants(
  bench: Bench,
  databases: Databases,
  { data, size }: Omit<MeasuredDatabase, "url">,
): Promise<void> {
  const workloads = workloadsOn(data).map((workload) => ({ ...workload, time: "wall" as const }));
  if (bench.mode !== "answers" && !workloads.some(({ name }) => bench.measures(name))) return;
  /** Stands still while answers are compared. */
  const time = { fixed: Date.now() as number | undefined };
  const clock = () => time.fixed ?? Date.now();
  const urls = new Map<string, string>();
  const entrants: Entrant<Contestant>[] = [];
  for (const [i, [name, open]] of Object.entries(CONTESTANTS).entries()) {
    const url = await databases.copy(`contestant_${i}`);
    urls.set(name, url);
    entrants.push({ name, contestant: await open({ url, clock }) });
  }
  const rows = ({ name }: Entrant<Contestant>) => rowsOf(urls.get(name)!);
  await compareAnswers({ entrants, workloads, ...(size === LEAST_SIZE && { rows }), since: time.fixed! });
  time.fixed = undefined;
  for (const workload of workloads) {
    const taking = entrants.filter(({ name }) => ONLY[name] === undefined || ONLY[name] === workload.name);
    await bench.measure(workload, taking, { size });
  }
  for (const { contestant } of entrants) await contestant.close();
  for (const i of entrants.keys()) await databases.drop(`contestant_${i}`);
}
