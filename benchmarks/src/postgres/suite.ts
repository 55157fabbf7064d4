/** Relata on PostgreSQL beside its driver, better ways to write by hand, and what one would take instead. */
import { postgres } from "@relata/postgres";
import { CONVERTED_BESIDE_PLAIN, CONVERTED_SUM } from "../sales/converted-sum.ts";
import { DEEP_BESIDE_FIRST, DEEP_PAGE } from "../sales/deep-page.ts";
import { GET_INCLUDING, LIST_INCLUDING } from "../sales/includes.ts";
import { OWN_FIELD } from "../sales/own-field.ts";
import { writeSalesRows } from "../sales/sales-rows.ts";
import { COVERED_BOARD } from "../sales/workloads.ts";
import { versionOf } from "../sqlite/database-file.ts";
import type { Bench, Goal, Suite } from "../suite.ts";
import { measureContestants } from "./contestants.ts";
import { type Databases, SERVER_SETTINGS, settle, startDatabases } from "./database.ts";
import { GUARDED, measureCopies } from "./measure-copies.ts";
import { GETS, measureCoveredBoard, measureLarge, measureReads } from "./measure-reads.ts";
import { multiplyRows } from "./multiply-rows.ts";

/** What bounds a goal that is missed. Client and server share the machine's two cores. */
const BOUND = {
  create:
    "one round trip as the hand-written statement takes; but Relata's own JavaScript around it, and in the statement the looks at the pipeline and at what the record refers to, which the others leave out.",
  bulk: "checking, hooks and making 2,000 records, where COPY sends rows that are made already; the server takes as long for both.",
  read: "dates are made text by the server, about 20 µs a page; a record costs what its columns cost.",
  field:
    "the same plan and index; raw reads with a named statement that is planned once, and Relata's own part of a call of 0.3 ms is the rest.",
  includes: "the server: a statement with three sub-selects, beside four that are planned already.",
} as const;

const SIZES = { full: [10_000, 100_000], quick: [10_000], smoke: [10_000], answers: [10_000] };
/** Only read, all on one database. */
const LARGEST = 1_000_000;

const onRaw = (workload: string, atLeast: number, more?: Partial<Goal>): Goal => ({
  workload,
  of: ["Relata", "raw"],
  atLeast,
  ...more,
});

export const suite = createSuite();

function createSuite(): Suite {
  let serverVersion = "";
  return {
    name: "postgres",
    title: "PostgreSQL",
    storage: "postgres",
    goals: [
      onRaw("create", 1.3, { bound: BOUND.create, smoke: true, headline: "create a record" }),
      { workload: "create", of: ["Relata", "one statement"], atLeast: 0.7, bound: BOUND.create },
      onRaw("get", 0.95, { bound: BOUND.read, smoke: true, headline: "get a record by id" }),
      onRaw("list of 50", 0.95, { bound: BOUND.read, headline: "list of 50" }),
      { workload: GETS, of: ["in one tick", "one by one"], atLeast: 6, bound: BOUND.read },
      { workload: "bulk create", of: ["Relata", "COPY"], atLeast: 0.75, bound: BOUND.bulk },
      onRaw(COVERED_BOARD.name, 0.9, { from: LARGEST }),
      onRaw(GET_INCLUDING, 2.2, { bound: BOUND.includes }),
      onRaw(LIST_INCLUDING, 3),
      { workload: DEEP_PAGE, of: DEEP_BESIDE_FIRST, atMost: 1.3, from: LARGEST },
      { workload: CONVERTED_SUM, of: CONVERTED_BESIDE_PLAIN, atMost: 1.8, from: LARGEST },
      { workload: GUARDED, of: ["on", "off"], atLeast: 0.75 },
      onRaw(OWN_FIELD, 0.9, { bound: BOUND.field }),
    ],
    comparisons: [
      ["Relata", "raw"],
      ["Relata", "kysely"],
      ["Relata", "drizzle"],
    ],
    contestants: {
      Relata:
        "`@relata/core` on `@relata/postgres` with a pool of its own, as an application uses it, with everything it does.",
      raw: "`pg` with one connection that is kept, named statements, and records made by hand: begin, an insert for each table, commit. It checks the version but no input and no rule, and keeps the stages in memory when it writes.",
      "one statement": "as raw, but a record with its first stage entry is one data-modifying statement.",
      COPY: "as raw, but many records are two `COPY … FROM STDIN` in a transaction.",
      kysely: "queries built where they are used, on a pool of `pg`, 500 rows in an insert.",
      drizzle: "the same with Drizzle on `node-postgres`.",
    },
    method: `All time counts, the server's included: it runs on the same machine, reached over TCP, with ${settingsText()}. Each contestant has a copy of one database that Relata has written: the same tables, indexes, foreign keys and planner statistics, row-level security off. What is only read is read of the database that they are copies of; with 1,000,000 records, these are copies of 100,000. A board is beside a query that has an index of its own with all columns it reads; beside the same query on the same indexes it is a figure without a goal.`,
    versions: () => ({
      PostgreSQL: serverVersion,
      pg: versionOf("pg"),
      Kysely: versionOf("kysely"),
      Drizzle: versionOf("drizzle-orm"),
    }),
    async run(bench) {
      const databases = await startDatabases();
      try {
        serverVersion = await databases.version();
        await runOn(bench, databases);
      } finally {
        await databases.stop();
      }
    },
  };
}

async function runOn(bench: Bench, databases: Databases): Promise<void> {
  const { originalUrl: url } = databases;
  for (const size of SIZES[bench.mode]) {
    bench.say(`${size.toLocaleString("en")} records are written`);
    await databases.createOriginal();
    const data = await writeSalesRows(postgres({ connectionString: url }), size);
    await settle(url);
    await measureContestants(bench, databases, { data, size });
    await measureReads(bench, { url, data, size });
    await measureCoveredBoard(bench, databases, { url, data, size });
    await measureCopies(bench, databases, { url, data, size });
    if (bench.mode !== "full" || size !== SIZES.full.at(-1)) continue;
    bench.say(`${LARGEST.toLocaleString("en")} records are made`);
    const ids = await multiplyRows(url, LARGEST / size);
    await settle(url);
    const large = { url, data: { ...data, ids }, size: LARGEST };
    await measureLarge(bench, large);
    await measureCoveredBoard(bench, databases, large);
  }
}

function settingsText(): string {
  return Object.entries(SERVER_SETTINGS)
    .map(([name, value]) => `\`${name} = ${value}\``)
    .join(", ");
}
