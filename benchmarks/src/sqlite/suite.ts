/** Relata on an SQLite file beside its drivers and what one would take instead. */
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CONVERTED_BESIDE_PLAIN, CONVERTED_SUM } from "../sales/converted-sum.ts";
import { DEEP_BESIDE_FIRST, DEEP_PAGE } from "../sales/deep-page.ts";
import { GET_INCLUDING, LIST_INCLUDING } from "../sales/includes.ts";
import { OWN_FIELD } from "../sales/own-field.ts";
import { COVERED_BOARD, FIVE_FIELDS } from "../sales/workloads.ts";
import type { Bench, Goal, Suite } from "../suite.ts";
import { BETTER, NODE, RELATA, RELATA_ON_BETTER, wholeRowsOf } from "./contestants.ts";
import { sqliteVersion, versionOf } from "./database-file.ts";
import { measureOwnFieldOf } from "./measure-own-field.ts";
import { type MeasuredFile, measureReads } from "./measure-reads.ts";
import { measureSales } from "./measure-sales.ts";
import { multiplyRows } from "./multiply-rows.ts";
import { writeFile } from "./write-file.ts";

const SIZES = { full: [10_000, 100_000], quick: [10_000], smoke: [10_000], answers: [10_000] };
/** Only read, all on one file. */
const LARGEST = 1_000_000;

/** What bounds a goal that is missed. */
const BOUND = {
  write:
    "Relata's own JavaScript, most of it around the statements: the input checked by zod field by field, the domain's hooks before and after the write with records of their own, contexts and promises; by itself it takes 45 µs, between two commits, whose system calls leave the processor's caches cold, some three times as much, and the statements beside it a quarter more. And four looks at what the record refers to, which raw leaves out.",
  move: "as of create; and the record and its stay are read by themselves before they are changed.",
  bulk: "half is the insert of two rows for each record, as raw does it; the rest is checking, hooks and making records, 20 to 40 µs for each.",
  list: "within the range of rounds: the driver makes the rows, and Relata's own part is the cursor and a record for each.",
  better:
    "the driver reads in half of node:sqlite's time, so that Relata's own part, the same on both, is as much again.",
  includes:
    "the driver: a record with one to-many and two to-one relations in one statement costs what the related rows cost; pages read one statement a level.",
  converted: "SQLite's own sorter: the days of the rows are grouped, which the plain sum does without.",
} as const;

/** Beside each driver, on it. */
const onDrivers = (workload: string, atLeast: number, { node, better, ...both }: OnDrivers): readonly Goal[] => [
  { workload, of: [RELATA, NODE], atLeast, ...both, ...node },
  { workload, of: [RELATA_ON_BETTER, BETTER], atLeast, ...both, ...better },
];
const onNode = (workload: string, atLeast: number, more?: Partial<Goal>): Goal => ({
  workload,
  of: [RELATA, NODE],
  atLeast,
  ...more,
});
const onKysely = (workload: string, atLeast: number, more?: Partial<Goal>): Goal => ({
  workload,
  of: [RELATA_ON_BETTER, "kysely"],
  atLeast,
  ...more,
});

interface OnDrivers extends Partial<Goal> {
  readonly node?: Partial<Goal>;
  readonly better?: Partial<Goal>;
}

export const suite: Suite = {
  name: "sqlite",
  title: "SQLite",
  storage: "sqlite",
  goals: [
    ...onDrivers("create", 0.8, { bound: BOUND.write, node: { smoke: true, headline: "create a record" } }),
    onKysely("create", 2.3, { bound: BOUND.write }),
    ...onDrivers("get", 1, {
      node: { smoke: true, headline: "get a record by its id" },
      better: { bound: BOUND.better },
    }),
    onKysely("get", 5),
    ...onDrivers("list of 50", 1.2, {
      node: { smoke: true, bound: BOUND.list, headline: "a page of 50, filtered and in order" },
      better: { bound: BOUND.better },
    }),
    {
      workload: FIVE_FIELDS,
      of: [RELATA, wholeRowsOf(NODE)],
      atLeast: 1.8,
      headline: "the same, five fields only, beside whole rows",
    },
    { workload: FIVE_FIELDS, of: [RELATA_ON_BETTER, wholeRowsOf(BETTER)], atLeast: 1.8, bound: BOUND.better },
    { workload: DEEP_PAGE, of: DEEP_BESIDE_FIRST, atMost: 1.2, from: LARGEST, headline: "a page in the middle of all" },
    ...onDrivers("stage move", 0.85, {
      bound: BOUND.move,
      node: { smoke: true, headline: "move to another stage, with history" },
    }),
    ...onDrivers("bulk create", 0.9, { bound: BOUND.bulk, node: { headline: "create 2,000 records at once" } }),
    {
      workload: CONVERTED_SUM,
      of: CONVERTED_BESIDE_PLAIN,
      atMost: 1.8,
      bound: BOUND.converted,
      from: LARGEST,
      headline: "sum at the rates of each day",
    },
    onNode(COVERED_BOARD.name, 0.9, { from: LARGEST, headline: "board of a pipeline" }),
    onNode(GET_INCLUDING, 2.2, { bound: BOUND.includes }),
    onNode(LIST_INCLUDING, 2.5, { bound: BOUND.includes, headline: "a page of 50 with three includes" }),
    onNode(OWN_FIELD, 0.9, { headline: "filter on a field of the application's own" }),
  ],
  comparisons: [
    [RELATA, NODE],
    [RELATA, "node:sqlite, arrays"],
    [RELATA_ON_BETTER, BETTER],
    [RELATA_ON_BETTER, "better-sqlite3, arrays"],
    [RELATA_ON_BETTER, "kysely"],
    [RELATA_ON_BETTER, "drizzle"],
    [BETTER, NODE],
  ],
  contestants: {
    Relata: "`@relata/core` on `@relata/sqlite`, as an application uses it, on `node:sqlite`.",
    "Relata on better-sqlite3": "the same with `driver: Database`.",
    "node:sqlite":
      "statements prepared once, rows as objects (`.get()`, `.all()`), and records made of them by hand. It checks the version but no input and no rule, keeps the stages in memory when it writes, its cursors are plain values, and a page after another is bounded by the key alone: the least that leaves the same rows and gives the same answer.",
    "better-sqlite3": "the same, by the same code.",
    arrays: "the same reads with rows as arrays, which both drivers make quicker: the least that reading can cost.",
    "whole rows": "the driver's page of 50 with all columns, where five fields are asked for.",
    kysely: "queries built where they are used, on better-sqlite3; the same records, made by the same code.",
    drizzle: "each query prepared once (`prepare()`), on better-sqlite3; the same records, made by the same code.",
  },
  method: `All start from copies of one file with the rows that Relata writes, indexes and planner statistics included; write-ahead log, \`synchronous = normal\`
(Relata's \`durability: "relaxed"\`, not its default), foreign keys enforced. Before each turn, and within one after each 100 creates or moves, the log is
copied into the database, outside of the time: SQLite itself does so after 4,000 pages, which only a bulk create writes. The goal of five fields is beside
whole rows, as it was set; the others' base is the driver's prepared statements with the same work, on the same indexes. A board is beside a query that has an index of its own with all columns it
reads; beside the same query on the same indexes it is a figure without a goal. With 1,000,000 records, which are copies of 100,000, Relata and the driver read one file that nobody writes.`,
  versions: () => ({
    SQLite: sqliteVersion(),
    "better-sqlite3": versionOf("better-sqlite3"),
    Kysely: versionOf("kysely"),
    Drizzle: versionOf("drizzle-orm"),
  }),
  async run(bench) {
    for (const size of SIZES[bench.mode]) {
      const filename = join(bench.folder, `${size}.db`);
      bench.say(`${size.toLocaleString("en")} records are written`);
      const data = await writeFile(filename, size);
      const file = { filename, data, size };
      await measureSales(bench, file);
      await measureReads(bench, file, false);
      const extended = join(bench.folder, "extended.db");
      copyFileSync(filename, extended);
      await measureOwnFieldOf(bench, extended, size);
      rmSync(extended);
      if (bench.mode === "full" && size === SIZES.full.at(-1)) await measureLargest(bench, file);
      rmSync(filename);
    }
  },
};

async function measureLargest(bench: Bench, { filename, data, size }: MeasuredFile): Promise<void> {
  bench.say(`${LARGEST.toLocaleString("en")} records are made`);
  const ids = await multiplyRows(filename, LARGEST / size);
  await measureReads(bench, { filename, data: { ...data, ids }, size: LARGEST }, true);
}
