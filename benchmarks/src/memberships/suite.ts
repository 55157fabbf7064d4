/** What it costs to count members by status and level on a past day, on SQLite and PostgreSQL, beside the query by hand. */
import { deepStrictEqual } from "node:assert/strict";
import { join } from "node:path";
import { postgres } from "@relata/postgres";
import { sqlite } from "@relata/sqlite";
import type { HandDatabase } from "../hierarchies/contestants.ts";
import { openSqliteHand, postgresHand } from "../hierarchies/hand-databases.ts";
import type { Operation, Workload } from "../measure/measure.ts";
import { onClient, SERVER_SETTINGS, settle, startDatabases } from "../postgres/database.ts";
import { sqliteVersion, versionOf } from "../sqlite/database-file.ts";
import type { Bench, Goal, Suite } from "../suite.ts";
import { DAYS, handCount, relataCount } from "./contestants.ts";
import { BASE, type MemberCrm, multiplyOnPostgres, multiplyOnSqlite, openCrm, writeMembers } from "./member-data.ts";

const MEMBERS = { full: 1_000_000, quick: 10_000, smoke: 10_000, answers: 10_000 };
const ON = ["SQLite", "PostgreSQL"] as const;
type On = (typeof ON)[number];

const countOn = (on: On) => `members by status and level on a past day, ${on}`;

let serverVersion = "";

export const suite: Suite = {
  name: "memberships",
  title: "Memberships, on SQLite and PostgreSQL",
  storage: "sqlite",
  goals: ON.map((on): Goal => ({ workload: countOn(on), of: ["Relata", "by hand"], atMost: 1.2 })),
  comparisons: [["Relata", "by hand"]],
  contestants: {
    Relata:
      "`crm.memberships.countMembers` by status and level, with the rules of the program, as an application calls it.",
    "by hand":
      "one statement for the default rules, over the same rows and by the same index; PostgreSQL plans it anew for its day.",
  },
  method: `${BASE} memberships of a society, whose members join, stay for some years, leave and come back, are written by the plugin's operations; the
database copies them. The days lie 1 to 12 years back. All answers are compared first. On SQLite the CPU time counts; on PostgreSQL all time, with
${Object.entries(SERVER_SETTINGS)
  .map(([name, value]) => `\`${name} = ${value}\``)
  .join(", ")}.`,
  versions: () => ({ SQLite: sqliteVersion(), PostgreSQL: serverVersion, pg: versionOf("pg") }),
  run,
};

async function run(bench: Bench): Promise<void> {
  const times = MEMBERS[bench.mode] / BASE;
  await runOnSqlite(bench, times);
  await runOnPostgres(bench, times);
}

async function runOnSqlite(bench: Bench, times: number): Promise<void> {
  const filename = join(bench.folder, "memberships.db");
  const storage = sqlite({ filename, durability: "relaxed" });
  const writing = await openCrm(storage);
  await writeMembers(writing);
  await writing.close();
  const size = multiplyOnSqlite(filename, times);
  bench.say(`${size} memberships on SQLite`);
  const crm = await openCrm(storage);
  const hand = openSqliteHand(filename);
  await compareOn(bench, { on: "SQLite", crm, hand, size });
  hand.close();
  await crm.close();
}

async function runOnPostgres(bench: Bench, times: number): Promise<void> {
  const databases = await startDatabases();
  try {
    serverVersion = await databases.version();
    await databases.createOriginal();
    const url = databases.originalUrl;
    const crm = await openCrm(postgres({ connectionString: url }));
    await writeMembers(crm);
    await onClient(url, async (client) => {
      const size = await multiplyOnPostgres(client, times);
      await settle(url);
      bench.say(`${size} memberships on PostgreSQL`);
      await compareOn(bench, { on: "PostgreSQL", crm, hand: postgresHand(client), size });
    });
    await crm.close();
  } finally {
    await databases.stop();
  }
}

interface Side {
  readonly on: On;
  readonly crm: MemberCrm;
  readonly hand: HandDatabase;
  readonly size: number;
}

async function compareOn(bench: Bench, { on, crm, hand, size }: Side): Promise<void> {
  const sides = { Relata: relataCount(crm), "by hand": handCount(hand) };
  for (let number = 0; number < DAYS.length; number++) {
    const answers: unknown[] = [];
    for (const operation of Object.values(sides)) answers.push(await operation(number));
    deepStrictEqual(answers[0], answers[1]);
  }
  const workload: Workload<Operation> = {
    ...{ name: countOn(on), what: "one count of one of four days", time: on === "SQLite" ? "cpu" : "wall" },
    ...{ step: DAYS.length, prepare: (operation) => operation },
  };
  const entrants = Object.entries(sides).map(([name, contestant]) => ({ name, contestant }));
  await bench.measure(workload, entrants, { size });
}
