/** Relata on an SQLite file beside its drivers and what one would take instead. */
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { compareAnswers } from "../measure/compare-answers.ts";
import type { Entrant } from "../measure/measure.ts";
import type { Contestant, Reader } from "../sales/contestant.ts";
import { readsOn, workloadsOn } from "../sales/workloads.ts";
import type { Bench, Goal, Suite } from "../suite.ts";
import { type FileEntrant, openEntrants } from "./contestants.ts";
import { rowsOf, sqliteVersion, versionOf } from "./database-file.ts";
import { measureIncluding } from "./measure-including.ts";
import { measureOwnField } from "./measure-own-field.ts";
import { measureReports } from "./measure-reports.ts";
import { writeFile } from "./write-file.ts";

const MILLION = 1_000_000;
const SIZES = { full: [10_000, 100_000, MILLION], quick: [10_000], smoke: [10_000], answers: [10_000] };

/** Beside node:sqlite, on it. */
const onNode = (workload: string, atLeast: number, more?: Partial<Goal>): Goal => ({
  workload,
  of: ["Relata", "node:sqlite"],
  atLeast,
  ...more,
});
/** Beside better-sqlite3, on it. */
const onBetter = (workload: string, atLeast: number, more?: Partial<Goal>): Goal => ({
  workload,
  of: ["Relata on better-sqlite3", "better-sqlite3"],
  atLeast,
  ...more,
});
const onKysely = (workload: string, atLeast: number): Goal => ({
  workload,
  of: ["Relata on better-sqlite3", "kysely"],
  atLeast,
});

export const suite: Suite = {
  name: "sqlite",
  title: "SQLite",
  storage: "sqlite",
  goals: [
    onNode("create", 0.8, { smoke: true, headline: "create a record" }),
    onBetter("create", 0.8),
    onKysely("create", 2.3),
    onNode("get", 1, { smoke: true, headline: "get a record by its id" }),
    onBetter("get", 1),
    onKysely("get", 5),
    onNode("list of 50", 1.2, { smoke: true, headline: "a page of 50, filtered and in order" }),
    onBetter("list of 50", 1.2),
    onNode("list, five fields", 1.8, { headline: "the same, five fields only" }),
    onBetter("list, five fields", 1.8),
    {
      workload: "deep page",
      of: ["deep", "first"],
      atMost: 1.2,
      from: MILLION,
      headline: "a page in the middle of all",
    },
    onNode("stage move", 0.85, { smoke: true, headline: "move to another stage, with history" }),
    onBetter("stage move", 0.85),
    onNode("bulk create", 0.9, { headline: "create 2,000 records at once" }),
    onBetter("bulk create", 0.9),
    {
      workload: "converted sum",
      of: ["converted", "plain"],
      atMost: 1.8,
      from: MILLION,
      headline: "sum at the rates of each day",
    },
    onNode("board", 0.9, { from: MILLION, headline: "board of a pipeline" }),
    onBetter("board", 0.9, { from: MILLION }),
    onNode("board, covering index", 0.9, { from: MILLION }),
    onNode("get with three includes", 2.2),
    onNode("list of 50 with includes", 2.5, { headline: "a page of 50 with two includes" }),
    onNode("filter on an own field", 0.9, { headline: "filter on a field of the application's own" }),
  ],
  comparisons: [
    ["Relata", "node:sqlite"],
    ["Relata", "node:sqlite, arrays"],
    ["Relata on better-sqlite3", "better-sqlite3"],
    ["Relata on better-sqlite3", "better-sqlite3, arrays"],
    ["Relata on better-sqlite3", "kysely"],
    ["Relata on better-sqlite3", "drizzle"],
    ["better-sqlite3", "node:sqlite"],
  ],
  contestants: {
    Relata: "`@relata/core` on `@relata/sqlite`, as an application uses it, on `node:sqlite`.",
    "Relata on better-sqlite3": "the same with `driver: Database`.",
    "node:sqlite":
      "statements prepared once, rows as objects (`.get()`, `.all()`), and records made of them by hand. It checks the version but no input and no rule, keeps the stages in memory when it writes, its cursors are plain values, and a page after another is bounded by the key alone: the least that leaves the same rows and gives the same answer.",
    "better-sqlite3": "the same, by the same code.",
    arrays: "the same reads with rows as arrays, which both drivers make quicker: the least that reading can cost.",
    kysely: "queries built where they are used, on better-sqlite3; the same records, made by the same code.",
    drizzle: "each query prepared once (`prepare()`), on better-sqlite3; the same records, made by the same code.",
  },
  method: `All start from copies of one file with the rows that Relata writes, indexes and planner statistics included; write-ahead log, \`synchronous = normal\`
(Relata's \`durability: "relaxed"\`, not its default), foreign keys enforced. The log is copied into the database before each turn, outside of the
time. A board is beside the same query on the same indexes, and beside a query with an index of its own that has all columns it reads.`,
  versions: () => ({
    SQLite: sqliteVersion(),
    "better-sqlite3": versionOf("better-sqlite3"),
    Kysely: versionOf("kysely"),
    Drizzle: versionOf("drizzle-orm"),
  }),
  async run(bench) {
    for (const size of SIZES[bench.mode]) await runAt(bench, size);
  },
};

async function runAt(bench: Bench, size: number): Promise<void> {
  const original = join(bench.folder, "original.db");
  const data = await writeFile(original, size);
  /** Stands still while answers are compared. */
  const time = { fixed: Date.now() as number | undefined };
  const clock = () => time.fixed ?? Date.now();
  // At a million records the files are large: what is told by the smaller sizes is left out.
  const few = size > 100_000;
  const entrants = await openEntrants({ original, folder: bench.folder, clock, few });
  const { all, readers } = entrants;
  const files = new Map(all.map((entrant) => [entrant.name, entrant]));
  const rows = ({ name }: Entrant<Contestant>) => {
    const { driver, filename } = files.get(name)!;
    return rowsOf(driver, filename);
  };
  const workloads = workloadsOn(data);
  const reads: readonly FileEntrant<Reader>[] = [...all, ...readers];
  await compareAnswers({ entrants: reads, workloads: readsOn(data), since: time.fixed! });
  await compareAnswers({ entrants: all, workloads, ...(!few && { rows }), since: time.fixed! });
  time.fixed = undefined;
  for (const { name } of workloads) {
    const read = readsOn(data).find((workload) => workload.name === name);
    if (read) await bench.measure(read, reads, { size });
    else await bench.measure(workloads.find((workload) => workload.name === name)!, all, { size });
  }
  await entrants.close();
  for (const { filename } of reads) for (const end of ["", "-wal", "-shm"]) rmSync(filename + end, { force: true });

  await measureIncluding(bench, { filename: original, data, size });
  await measureReports(bench, original, size);
  const extended = join(bench.folder, "extended.db");
  copyFileSync(original, extended);
  await measureOwnField(bench, extended, size);
  rmSync(original);
}
