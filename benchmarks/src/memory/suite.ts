/** Relata in memory beside SQLite in memory and a Map with indexes written by hand. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { compareAnswers } from "../measure/compare-answers.ts";
import type { Entrant } from "../measure/measure.ts";
import type { Contestant } from "../sales/contestant.ts";
import { workloadsOn } from "../sales/workloads.ts";
import { sqliteVersion, versionOf } from "../sqlite/database-file.ts";
import { writeFile } from "../sqlite/write-file.ts";
import type { Bench, Goal, Suite } from "../suite.ts";
import { MAP, ON_SQLITE, openEntrants, RAW, RELATA } from "./contestants.ts";
import { measureOwnField, OWN_FIELD } from "./measure-own-field.ts";
import { DEEP_PAGE, measurePages } from "./measure-pages.ts";
import { measureRowBytes, ROW_BYTES } from "./measure-row-bytes.ts";

const SIZES = { full: [10_000, 100_000], quick: [10_000], smoke: [10_000], answers: [10_000] };
const PAGES_OF = { full: 1_000_000, quick: 10_000, smoke: 10_000, answers: 10_000 };
const BYTES_OF = { full: 100_000, quick: 20_000, smoke: 20_000, answers: 20_000 };

const besideSqlite = (workload: string, atLeast: number, more?: Partial<Goal>): Goal => ({
  workload,
  of: [RELATA, RAW],
  atLeast,
  ...more,
});
const besideRelata = (workload: string, atLeast: number, bound: string): Goal => ({
  workload,
  of: [RELATA, ON_SQLITE],
  atLeast,
  bound,
});
/** As profiled at 20,000 records. */
const BOUND = {
  create: "An eighth of the call is the storage in memory; the rest is what core does on every storage.",
  get: "A sixth of the call is the storage in memory; the rest is what core does on every storage.",
  list: "A twentieth of the call is the storage in memory; the rest is core's, above all the records and the cursor.",
};

export const suite: Suite = {
  name: "memory",
  title: "In memory",
  storage: "memory",
  goals: [
    besideRelata("create", 3, BOUND.create),
    besideSqlite("create", 3, { bound: BOUND.create, smoke: true, headline: "create a record" }),
    besideRelata("get", 3, BOUND.get),
    besideSqlite("get", 3, { bound: BOUND.get, smoke: true, headline: "get a record by its id" }),
    besideRelata("list of 50", 15, BOUND.list),
    besideSqlite("list of 50", 15, { bound: BOUND.list, smoke: true, headline: "a page of 50, filtered and in order" }),
    { workload: DEEP_PAGE, of: ["deep", "first"], atMost: 1.2, headline: "a page in the middle of all" },
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
  method: `All begin with the rows of one file that Relata has written, and SQLite with its indexes and planner statistics. Relata in memory makes an index when a
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

async function runAt(bench: Bench, size: number): Promise<void> {
  const filename = join(bench.folder, "original.db");
  const data = await writeFile(filename, size);
  /** Stands still while answers are compared. */
  const time = { fixed: Date.now() as number | undefined };
  const clock = () => time.fixed ?? Date.now();
  const entrants = await openEntrants(filename, clock);
  const workloads = workloadsOn(data);
  const rows = ({ name }: Entrant<Contestant>) => entrants.find((entrant) => entrant.name === name)!.rows();
  await compareAnswers({ entrants, workloads, rows, since: time.fixed! });
  time.fixed = undefined;
  for (const workload of workloads) await bench.measure(workload, entrants, { size });
  for (const { contestant } of entrants) await contestant.close();
  await measureOwnField(bench, filename, size);
  rmSync(filename);
}
