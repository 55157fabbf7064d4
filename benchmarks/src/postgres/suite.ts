/** Relata on PostgreSQL beside its driver, better ways to write by hand, and what one would take instead. */
import { FIRST_DAY, writeSalesData } from "../sales/sales-data.ts";
import { versionOf } from "../sqlite/database-file.ts";
import type { Bench, Goal, Suite } from "../suite.ts";
import { measureContestants } from "./contestants.ts";
import { type Databases, SERVER_SETTINGS, settle, startDatabases } from "./database.ts";
import { multiplyRows } from "./multiply-rows.ts";
import { DEEP, GET_INCLUDING, GETS, GUARDED, LIST_INCLUDING, measurePairs, measureReads } from "./pairs.ts";
import { openDatabase } from "./relata.ts";

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
      onRaw("create", 1.3, { smoke: true, headline: "create a record" }),
      { workload: "create", of: ["Relata", "one statement"], atLeast: 0.7 },
      onRaw("get", 0.95, { smoke: true, headline: "get a record by id" }),
      onRaw("list of 50", 0.95, { smoke: true, headline: "list of 50" }),
      { workload: GETS, of: ["in one tick", "one by one"], atLeast: 6, smoke: true },
      { workload: "bulk create", of: ["Relata", "COPY"], atLeast: 0.75 },
      onRaw("board", 0.9),
      onRaw(GET_INCLUDING, 2.2),
      onRaw(LIST_INCLUDING, 3),
      { workload: DEEP, of: ["deep page", "first page"], atMost: 1.3 },
      { workload: GUARDED, of: ["on", "off"], atLeast: 0.75 },
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
    method: `All time counts, the server's included: it runs on the same machine, reached over TCP, with ${settingsText()}. Each contestant has a copy of one database that Relata has written: the same tables, indexes, foreign keys and planner statistics, row-level security off. What follows from the size of a table only is measured on one database that all share, whose rows are copies of those of the size before.`,
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
  const { originalUrl } = databases;
  for (const size of SIZES[bench.mode]) {
    await databases.createOriginal();
    const writer = await openDatabase(originalUrl, () => FIRST_DAY);
    const data = await writeSalesData(writer, size);
    await writer.close();
    await settle(originalUrl);
    await measureContestants(bench, databases, data);
    await measurePairs(bench, databases, data);
    if (bench.mode !== "full" || size !== SIZES.full.at(-1)) continue;
    const ids = await multiplyRows(originalUrl, LARGEST / size);
    await settle(originalUrl);
    await measureReads(bench, originalUrl, { ...data, ids });
  }
}

function settingsText(): string {
  return Object.entries(SERVER_SETTINGS)
    .map(([name, value]) => `\`${name} = ${value}\``)
    .join(", ");
}
