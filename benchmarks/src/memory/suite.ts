/** Relata in memory beside SQLite in memory and a Map with indexes written by hand. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { compareAnswers } from "../measure/compare-answers.ts";
import type { Entrant } from "../measure/measure.ts";
import type { Contestant } from "../sales/contestant.ts";
import { DEEP_BESIDE_FIRST, DEEP_PAGE, measureDeepPage } from "../sales/deep-page.ts";
import { OWN_FIELD } from "../sales/own-field.ts";
import { openCrm } from "../sales/relata.ts";
import { LEAST_SIZE } from "../sales/sales-data.ts";
import { writeSalesRows } from "../sales/sales-rows.ts";
import { workloadsOn } from "../sales/workloads.ts";
import { sqliteVersion, versionOf } from "../sqlite/database-file.ts";
import { writeFile } from "../sqlite/write-file.ts";
import type { Bench, Goal, Suite } from "../suite.ts";
import { MAP, ON_SQLITE, openEntrants, RAW, RELATA } from "./contestants.ts";
import { keptMemory } from "./kept-memory.ts";
import { measureOwnFieldOf } from "./measure-own-field.ts";
import { measureRowBytes, ROW_BYTES } from "./measure-row-bytes.ts";

const SIZES = { full: [10_000, 100_000], quick: [10_000], smoke: [10_000], answers: [10_000] };
/** Of the deep page. */
const PAGES_OF = { full: 1_000_000, quick: 10_000, smoke: 10_000, answers: 10_000 };
const BYTES_OF = { full: 100_000, quick: 20_000, smoke: 20_000, answers: 20_000 };

const besideSqlite = (workload: string, atLeast: number, more?: Partial<Goal>): Goal => ({
  workload,
  of: [RELATA, RAW],
  atLeast,
  ...more,
});
/** As profiled at 20,000 records. */
const BOUND = {
  create: "An eighth of the call is the storage in memory; the rest is what core does on every storage.",
  get: "A sixth of the call is the storage in memory; the rest is what core does on every storage.",
  list: "A twentieth of the call is the storage in memory; the rest is core's, above all the records and the cursor. Nor does the Map by hand reach it: 50 records of 30 fields are made by all.",
};

export const suite: Suite = {
  name: "memory",
  title: "In memory",
  storage: "memory",
  goals: [
    besideSqlite("create", 3, { bound: BOUND.create, smoke: true, headline: "create a record" }),
    besideSqlite("get", 3, { bound: BOUND.get, smoke: true, headline: "get a record by its id" }),
    besideSqlite("list of 50", 15, { bound: BOUND.list, smoke: true, headline: "a page of 50, filtered and in order" }),
    {
      workload: DEEP_PAGE,
      of: DEEP_BESIDE_FIRST,
      atMost: 1.2,
      from: PAGES_OF.full,
      headline: "a page in the middle of all",
    },
    besideSqlite(OWN_FIELD, 0.9),
    { workload: ROW_BYTES, of: [RELATA], atMost: 1_300 },
  ],
  comparisons: [
    [RELATA, RAW],
    [RELATA, ON_SQLITE],
    [RELATA, MAP],
    [MAP, RAW],
  ],
  contestants: {
    [RELATA]: "`@relata/core` on `@relata/memory`, as an application uses it, with everything it does.",
    [RAW]:
      "better-sqlite3 on `:memory:`, statements prepared once, and records made of rows by hand: the contestant of the SQLite suite.",
    [ON_SQLITE]: "Relata on `@relata/sqlite` with better-sqlite3 on `:memory:`.",
    [MAP]:
      "a Map by id, one sorted index for the list, counters for the board, an array of stays for each opportunity, and copies on read. It checks the version but no input and no rule, and takes nothing back.",
  },
  method: `The goals are beside the driver on \`:memory:\`, as they were set: of a Map with indexes beside it, which is the row "Map by hand / SQLite". All begin with the rows of one file that Relata has written, and SQLite with its indexes and planner statistics. Relata in memory makes an index when a
query first uses it, and keeps it from then on: before anything is timed all workloads have run, so that those which they use are there. SQLite keeps
all indexes of the schema; the Map has the one that the workloads need. A record's bytes are those of the heap after its garbage is collected, in a process
of its own that holds nothing else.`,
  versions: () => ({ SQLite: sqliteVersion(), "better-sqlite3": versionOf("better-sqlite3") }),
  async run(bench) {
    for (const size of SIZES[bench.mode]) await runAt(bench, size);
    await measurePages(bench, PAGES_OF[bench.mode]);
    measureRowBytes(bench, BYTES_OF[bench.mode]);
  },
};

async function measurePages(bench: Bench, size: number): Promise<void> {
  if (!bench.measures(DEEP_PAGE)) return;
  bench.say(`${size.toLocaleString("en")} records are written`);
  const { adapter } = keptMemory();
  await writeSalesRows(adapter, size);
  const crm = await openCrm(adapter, Date.now);
  await measureDeepPage(bench, crm, { size });
  await crm.close();
}

async function runAt(bench: Bench, size: number): Promise<void> {
  bench.say(`${size.toLocaleString("en")} records are written`);
  const filename = join(bench.folder, "original.db");
  const data = await writeFile(filename, size);
  /** Stands still while answers are compared. */
  const time = { fixed: Date.now() as number | undefined };
  const clock = () => time.fixed ?? Date.now();
  const entrants = await openEntrants(filename, clock);
  const workloads = workloadsOn(data);
  const rows = ({ name }: Entrant<Contestant>) => entrants.find((entrant) => entrant.name === name)!.rows();
  await compareAnswers({ entrants, workloads, ...(size === LEAST_SIZE && { rows }), since: time.fixed! });
  time.fixed = undefined;
  for (const workload of workloads) await bench.measure(workload, entrants, { size });
  for (const { contestant } of entrants) await contestant.close();
  await measureOwnFieldOf(bench, filename, size);
  rmSync(filename);
}
