/** Relata on an SQLite file beside its drivers and what one would take instead. */
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Bench, Goal, Suite } from "../suite.ts";
import { sqliteVersion, versionOf } from "./database-file.ts";
import { measureIncluding } from "./measure-including.ts";
import { measureOwnField } from "./measure-own-field.ts";
import { measureReports } from "./measure-reports.ts";
import { measureSales } from "./measure-sales.ts";
import { writeFile } from "./write-file.ts";

const MILLION = 1_000_000;
const SIZES = { full: [10_000, 100_000, MILLION], quick: [10_000], smoke: [10_000], answers: [10_000] };

/** What bounds a goal that is missed. */
const BOUND = {
  write:
    "Relata's own JavaScript, most of it around the statements: the input checked by zod field by field, the domain's hooks before and after the write with records of their own, contexts and promises; and four looks at what the record refers to, which raw leaves out.",
  move: "as of create; and the record and its stay are read by themselves before they are changed.",
  bulk: "half is the insert of two rows for each record, as raw does it; the rest is checking, hooks and making records, about 40 µs for each.",
  better: "the same work as on node:sqlite, beside a driver whose `.get()` and `.all()` are made for few columns.",
  includes:
    "the driver: a record with one to-many and two to-one relations in one statement costs what the related rows cost; pages read one statement a level.",
  converted: "SQLite's own sorter: the days of the rows are grouped, which the plain sum does without.",
  board:
    "the table has no index that covers the amounts, as each write would pay for it: rows are read where the hand-made index alone answers.",
} as const;

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
    onNode("create", 0.8, { bound: BOUND.write, smoke: true, headline: "create a record" }),
    onBetter("create", 0.8, { bound: BOUND.write }),
    { ...onKysely("create", 2.3), bound: BOUND.write },
    onNode("get", 1, { smoke: true, headline: "get a record by its id" }),
    onBetter("get", 1, { bound: BOUND.better }),
    onKysely("get", 5),
    onNode("list of 50", 1.2, { smoke: true, headline: "a page of 50, filtered and in order" }),
    onBetter("list of 50", 1.2, { bound: BOUND.better }),
    onNode("list, five fields", 1.8, { headline: "the same, five fields only" }),
    onBetter("list, five fields", 1.8, { bound: BOUND.better }),
    {
      workload: "deep page",
      of: ["deep", "first"],
      atMost: 1.2,
      from: MILLION,
      headline: "a page in the middle of all",
    },
    onNode("stage move", 0.85, { bound: BOUND.move, smoke: true, headline: "move to another stage, with history" }),
    onBetter("stage move", 0.85, { bound: BOUND.move }),
    onNode("bulk create", 0.9, { bound: BOUND.bulk, headline: "create 2,000 records at once" }),
    onBetter("bulk create", 0.9, { bound: BOUND.bulk }),
    {
      workload: "converted sum",
      of: ["converted", "plain"],
      atMost: 1.8,
      bound: BOUND.converted,
      from: MILLION,
      headline: "sum at the rates of each day",
    },
    onNode("board", 0.9, { from: MILLION, headline: "board of a pipeline" }),
    onBetter("board", 0.9, { from: MILLION }),
    onNode("board, covering index", 0.9, { bound: BOUND.board, from: MILLION }),
    onNode("get with three includes", 2.2, { bound: BOUND.includes }),
    onNode("list of 50 with includes", 2.5, { bound: BOUND.includes, headline: "a page of 50 with two includes" }),
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
  const filename = join(bench.folder, "original.db");
  const data = await writeFile(filename, size);
  const measured = { filename, data, size };
  await measureSales(bench, measured);
  await measureIncluding(bench, measured);
  await measureReports(bench, filename, size);
  const extended = join(bench.folder, "extended.db");
  copyFileSync(filename, extended);
  await measureOwnField(bench, extended, size);
  rmSync(filename);
}
