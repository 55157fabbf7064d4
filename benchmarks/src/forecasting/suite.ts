/** What forecasts cost with a million opportunities, on SQLite and PostgreSQL: a roll-up beside a query by hand, and a prediction. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { join } from "node:path";
import { postgres } from "@relata/postgres";
import { sqlite } from "@relata/sqlite";
import type { Operation, Workload } from "../measure/measure.ts";
import { onClient, SERVER_SETTINGS, settle, startDatabases } from "../postgres/database.ts";
import { multiplyRows as multiplyOnPostgres } from "../postgres/multiply-rows.ts";
import { WITH_STAGE_ENTRIES } from "../sales/copied-tables.ts";
import { copyLog, sqliteVersion, versionOf } from "../sqlite/database-file.ts";
import { multiplyRows } from "../sqlite/multiply-rows.ts";
import type { Bench, Goal, Suite } from "../suite.ts";
import { type Hand, type HandRow, postgresHand, sqliteHand } from "./by-hand.ts";
import { type ForecastCrm, openCrm, writeDeals } from "./deals-data.ts";

/** Those that are written, and how many times they are there. */
const DEALS = { full: [20_000, 50], quick: [2_000, 5], smoke: [2_000, 5], answers: [2_000, 5] } as const;
const ON = ["SQLite", "PostgreSQL"] as const;
type On = (typeof ON)[number];

const rollUpOn = (on: On) => `roll-up of a year by owner, month and category, ${on}`;
const predictionOn = (on: On) => `prediction of all that is open, ${on}`;
const YEAR = { name: "2026", from: "2026-01-01", until: "2026-12-31" } as const;

const MOST_SECONDS = 10;

let serverVersion = "";

export const suite: Suite = {
  name: "forecasting",
  title: "Forecasting, on SQLite and PostgreSQL",
  storage: "sqlite",
  goals: ON.flatMap((on): readonly Goal[] => [
    { workload: rollUpOn(on), of: ["Relata", "by hand"], atMost: 1.2, from: 500_000 },
    { workload: predictionOn(on), of: ["Relata"], atMost: MOST_SECONDS * 1_000_000 },
  ]),
  comparisons: [],
  contestants: {
    Relata:
      '`forecasting.forecast` with `rollUp: "ownerId"` and `by: "month"`, and `forecasting.predict`, as an application calls them.',
    "by hand": "one query for what is open and one for what is won, on indexes that hold all that they add up.",
  },
  method: `Two years of opportunities of 500 owners, each with its way through the stages; a tenth of them is open. The roll-up is of a year: a figure
for each owner, month and category. The answers are compared first. The prediction is of a quarter that has just begun, from all that is known.
On SQLite the CPU time counts, on PostgreSQL all time, with ${Object.entries(SERVER_SETTINGS)
    .map(([name, value]) => `\`${name} = ${value}\``)
    .join(", ")}.`,
  versions: () => ({ SQLite: sqliteVersion(), PostgreSQL: serverVersion, pg: versionOf("pg") }),
  run,
};

async function run(bench: Bench): Promise<void> {
  await runOnSqlite(bench);
  await runOnPostgres(bench);
}

async function runOnSqlite(bench: Bench): Promise<void> {
  const [written, times] = DEALS[bench.mode];
  const filename = join(bench.folder, "forecasting.db");
  const storage = sqlite({ filename, durability: "relaxed" });
  const writing = await openCrm(storage);
  await writeDeals(writing, written);
  await writing.close();
  await multiplyRows(filename, times, WITH_STAGE_ENTRIES);
  const hand = sqliteHand(filename);
  const crm = await openCrm(storage);
  await compareOn(bench, { on: "SQLite", crm, hand, settle: () => copyLog("node:sqlite", filename) });
  await crm.close();
  hand.close();
}

async function runOnPostgres(bench: Bench): Promise<void> {
  const [written, times] = DEALS[bench.mode];
  const databases = await startDatabases();
  try {
    serverVersion = await databases.version();
    await databases.createOriginal();
    const url = databases.originalUrl;
    const crm = await openCrm(postgres({ connectionString: url }));
    await writeDeals(crm, written);
    await multiplyOnPostgres(url, times, WITH_STAGE_ENTRIES);
    await onClient(url, async (client) => {
      const hand = await postgresHand(client);
      await settle(url);
      await compareOn(bench, { on: "PostgreSQL", crm, hand, settle: () => {} });
    });
    await crm.close();
  } finally {
    await databases.stop();
  }
}

interface Side {
  readonly on: On;
  readonly crm: ForecastCrm;
  readonly hand: Hand;
  settle(): void;
}

async function compareOn(bench: Bench, { on, crm, hand, settle }: Side): Promise<void> {
  const size = await crm.opportunities.count();
  const rollUp = () =>
    crm.forecasting.forecast({ period: YEAR.name, by: "month", rollUp: "ownerId", method: "single" });
  await sameFigures(crm, await rollUp(), await hand.rollUp(YEAR.from, YEAR.until));
  const time = on === "SQLite" ? "cpu" : "wall";
  const compare = async (name: string, sides: Readonly<Record<string, Operation>>) => {
    const workload: Workload<Operation> = { name, what: "", time, compared: 0, prepare: (operation) => operation };
    const entrants = Object.entries(sides).map(([side, contestant]) => ({ name: side, contestant, settle }));
    await bench.measure(workload, entrants, { size });
  };
  await compare(rollUpOn(on), { Relata: rollUp, "by hand": () => hand.rollUp(YEAR.from, YEAR.until) });
  await compare(predictionOn(on), { Relata: () => crm.forecasting.predict({ period: "2026-Q3" }) });
}

type Forecast = Awaited<ReturnType<ForecastCrm["forecasting"]["forecast"]>>;

/** Each figure of the one is one of the other. */
async function sameFigures(crm: ForecastCrm, { lines }: Forecast, rows: readonly HandRow[]): Promise<void> {
  const ofRelata = new Map<string, string>();
  for (const { key, own } of lines)
    for (const { period, ...figures } of own)
      for (const [category, figure] of Object.entries(figures))
        for (const { amount, currency } of figure as readonly { amount: string; currency: string }[])
          ofRelata.set(`${key} ${period} ${category} ${currency}`, amount.replace(".", ""));
  const byKey = new Map((await crm.forecasting.categories("sales")).map(({ stage, category }) => [stage, category]));
  const { items } = await crm.stages.list({ limit: 100 });
  const categoryOf = new Map(items.map(({ id, key }) => [id, byKey.get(key)]));
  const byHand = new Map<string, bigint>();
  for (const [owner, month, stageId, currency, , sum] of rows) {
    const name = `${owner} ${month} ${categoryOf.get(stageId)} ${currency}`;
    byHand.set(name, (byHand.get(name) ?? 0n) + BigInt(String(sum)));
  }
  ok(byHand.size > 0);
  deepStrictEqual(ofRelata, new Map([...byHand].map(([name, sum]) => [name, String(sum)])));
}
