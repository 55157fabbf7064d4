/**
 * What history costs: `pnpm bench history`, with 100,000 deals of ten versions each, or `pnpm bench history --quick`. Reads of the past
 * beside the same reads of the present, and writes beside those of an entity without history, in rounds that take turns. `--write`
 * puts the figures into docs/benchmarks.md, `--json=file` into a file of JSON.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";
import { createCrm } from "@relata/core";
import type { StorageAdapter, StorageSchema } from "@relata/core/adapter";
import { count, sum } from "@relata/core/plugin";
import { sqlite } from "@relata/sqlite";
import { writeSection } from "./benchmark-page.ts";
import { BEGINNING, dealing, dealingListed, SPAN, STAGES, writeHistoryData } from "./history-data.ts";
import { historySection, type Result } from "./history-report.ts";
import { type Method, type Operation, ratioOf } from "./ratio-of.ts";

const FULL = { deals: 100_000, rounds: 9, lists: 30, boards: 1, writes: 250 };
const QUICK = { deals: 10_000, rounds: 5, lists: 20, boards: 2, writes: 250 };
/** From when hardly a deal was there up to now, as parts of all the time. */
const INSTANTS = [0.001, 0.01, 0.03, 0.1, 0.25, 0.5, 0.75, 0.95, 0.999, 1];

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean" },
    answers: { type: "boolean" },
    json: { type: "string" },
    write: { type: "boolean" },
  },
});
const effort = options.quick || options.answers ? QUICK : FULL;
const clock = startClock();

const folder = mkdtempSync(join(tmpdir(), "relata-history-"));
try {
  await run(join(folder, "history.db"));
} finally {
  rmSync(folder, { recursive: true });
}

async function run(filename: string): Promise<void> {
  const ids = await writeData(filename);
  const results: Result[] = [];
  const compare = async (
    result: Omit<Result, "ratio">,
    times: number,
    [base, other, method]: readonly [base: Operation, other: Operation, method?: Partial<Method>],
  ) => {
    const how = { time: "cpu", log: "outside", ...method } as const;
    const ratio = await ratioOf({ filename, base, other, times, rounds: effort.rounds, method: how });
    results.push({ ...result, ratio });
    console.log(`${result.name.padEnd(50)} ${ratio.median.toFixed(2).padStart(6)}   ${result.goal ?? ""}`);
  };

  const relaxed = sqlite({ filename, durability: "relaxed" });
  const without = await openCrm(relaxed, dealing);
  const changes = { name: "update", beside: "without history", goal: "at most 1.67" };
  const updates = [update(without.plainDeals, ids), update(without.deals, ids)] as const;
  await compare(changes, effort.writes, updates);
  const copied = { ...changes, name: "update, with the log copied" };
  await compare(copied, effort.writes, [...updates, { log: "inside" }]);
  await without.close();
  dropIndexes(filename);

  const crm = await openCrm(relaxed, dealingListed);
  const then = (part: number) => crm.asOf(new Date(BEGINNING + part * SPAN));
  for (const part of INSTANTS) {
    const result = { name: `list of 50 at ${part} of the time`, beside: "the list of today", goal: "at most 10" };
    await compare(result, effort.lists, [list(crm), list(then(part))]);
  }
  for (const part of INSTANTS) {
    const result = { name: `board at ${part} of the time`, beside: "the board of today", goal: "at most 5" };
    await compare(result, effort.boards, [board(crm), board(then(part))]);
  }
  const listed = { ...changes, name: "update, with asOfIndexes" };
  await compare(listed, effort.writes, [update(crm.plainDeals, ids), update(crm.deals, ids)]);
  const creation = { name: "create", beside: "without history", goal: "about 1" };
  await compare(creation, effort.writes, [create(crm.plainDeals), create(crm.deals)]);
  const { id: ownerId } = await crm.users.create({ name: "Bea", email: "bea@example.com" });
  const { id: teamId } = await crm.teams.create({ name: "North" });
  const one = { name: "create with one reference", beside: "with none" };
  await compare(one, effort.writes, [create(crm.deals), create(crm.deals, { ownerId })]);
  const two = { name: "create with two references", beside: "with none" };
  await compare(two, effort.writes, [create(crm.deals), create(crm.deals, { ownerId, teamId })]);
  await crm.close();

  const durable = await openCrm(sqlite({ filename }), dealingListed);
  const durably = { ...changes, name: "update, with asOfIndexes, fully durable" };
  await compare(durably, effort.writes, [
    update(durable.plainDeals, ids),
    update(durable.deals, ids),
    { time: "elapsed" },
  ]);
  await durable.close();
  if (options.json) writeFileSync(options.json, JSON.stringify(results, undefined, 2));
  if (options.write) writeSection("History", historySection(results, { deals: effort.deals, rounds: effort.rounds }));
}

async function writeData(filename: string): Promise<readonly string[]> {
  const adapter = sqlite({ filename, durability: "relaxed" });
  let schema: StorageSchema | undefined;
  const open: StorageAdapter["open"] = (storageOptions) => {
    schema = storageOptions.schema;
    return adapter.open(storageOptions);
  };
  const crm = await openCrm({ name: adapter.name, open }, dealing);
  const { id: ownerId } = await crm.users.create({ name: "Ann", email: "ann@example.com" });
  await crm.close();
  return writeHistoryData({ adapter, schema: schema!, tenantId: "default", ownerId }, effort.deals);
}

/** Of deals: those of the next declaration are made when it is opened, and the others would stay. */
function dropIndexes(filename: string): void {
  const database = new DatabaseSync(filename);
  const made =
    "select name from sqlite_schema where type = 'index' and tbl_name in ('deal', 'deal__history') and sql is not null";
  for (const { name } of database.prepare(made).all()) database.exec(`drop index "${name}"`);
  database.close();
}

/** From when the last version of the data began; it goes on by a millisecond at each look. */
function startClock(): () => number {
  let now = BEGINNING + SPAN;
  return () => now++;
}

type BenchCrm = Awaited<ReturnType<typeof openCrm>>;

function openCrm(storage: StorageAdapter, plugin: typeof dealing | typeof dealingListed) {
  return createCrm({ storage, plugins: [plugin], clock });
}

function list({ deals }: Pick<BenchCrm, "deals">): Operation {
  return (number) =>
    deals.list({
      where: { stage: STAGES[number % STAGES.length]!, closeDate: { gte: "2026-04-01" } },
      orderBy: [{ closeDate: "asc" }],
      limit: 50,
    });
}

function board({ deals }: Pick<BenchCrm, "deals">): Operation {
  return () =>
    deals.aggregate({
      where: { pipeline: "sales" },
      groupBy: { stage: "stage" },
      measures: { count: count(), amount: sum("amount"), weighted: sum("amount", { percent: "probability" }) },
    });
}

/** Deals far from one another, each with an amount that it has never had. */
function update(deals: Pick<BenchCrm["deals"], "update">, ids: readonly string[]): Operation {
  return (number) =>
    deals.update(ids[(number * 7_919) % ids.length]!, {
      stage: STAGES[number % STAGES.length]!,
      amount: { amount: `${clock()}.25`, currency: "EUR" },
    });
}

function create(
  deals: Pick<BenchCrm["deals"], "create">,
  references: { readonly ownerId?: string; readonly teamId?: string } = {},
): Operation {
  return (number) =>
    deals.create({
      name: `Deal ${number}`,
      pipeline: "sales",
      stage: STAGES[number % STAGES.length]!,
      amount: { amount: `${number}.25`, currency: "EUR" },
      probability: "50",
      closeDate: "2026-08-01",
      ...references,
    });
}
