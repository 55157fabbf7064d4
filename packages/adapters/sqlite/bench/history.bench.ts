/**
 * What history costs: `pnpm bench history`, with 100,000 deals of ten versions each, or `pnpm bench history --quick`. Reads of the past
 * beside the same reads of the present, and writes beside those of an entity without history, in rounds that take turns. `--write`
 * puts the figures into docs/benchmarks.md, `--json=file` into a file of JSON.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createCrm } from "@relata/core";
import type { StorageAdapter, StorageSchema } from "@relata/core/adapter";
import { count, sum } from "@relata/core/plugin";
import { sqlite } from "@relata/sqlite";
import { writeSection } from "./benchmark-page.ts";
import { BEGINNING, dealing, SPAN, STAGES, writeHistoryData } from "./history-data.ts";
import { historySection, type Result } from "./history-report.ts";
import { type Operation, ratioOf } from "./ratio-of.ts";

const FULL = { deals: 100_000, rounds: 11, lists: 30, boards: 1, writes: 200, durableWrites: 40 };
const QUICK = { deals: 10_000, rounds: 5, lists: 20, boards: 2, writes: 100, durableWrites: 10 };
/** From when hardly a deal was there up to now, as parts of all the time. */
const INSTANTS = [0.001, 0.01, 0.03, 0.1, 0.25, 0.5, 0.75, 0.95, 0.999, 1];

const { values: options } = parseArgs({
  options: { quick: { type: "boolean" }, json: { type: "string" }, write: { type: "boolean" } },
});
const effort = options.quick ? QUICK : FULL;

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
    [base, other]: readonly [base: Operation, other: Operation],
  ) => {
    const ratio = await ratioOf({ base, other, times, rounds: effort.rounds, time: result.time ?? "cpu" });
    results.push({ ...result, ratio });
    console.log(`${result.name.padEnd(45)} ${ratio.median.toFixed(2).padStart(6)}   ${result.goal ?? ""}`);
  };

  const crm = await openCrm(sqlite({ filename, durability: "relaxed" }));
  const then = (part: number) => crm.asOf(new Date(BEGINNING + part * SPAN));
  for (const part of INSTANTS) {
    const result = { name: `list of 50 at ${part} of the time`, beside: "the list of today", goal: "at most 10" };
    await compare(result, effort.lists, [list(crm), list(then(part))]);
  }
  for (const part of INSTANTS) {
    const result = { name: `board at ${part} of the time`, beside: "the board of today", goal: "at most 5" };
    await compare(result, effort.boards, [board(crm), board(then(part))]);
  }
  const changes = { name: "update", beside: "without history", goal: "at most 1.67" };
  await compare(changes, effort.writes, [update(crm.plainDeals, ids), update(crm.deals, ids)]);
  const creation = { name: "create", beside: "without history", goal: "about 1" };
  await compare(creation, effort.writes, [create(crm.plainDeals), create(crm.deals)]);
  const { id: ownerId } = await crm.users.create({ name: "Bea", email: "bea@example.com" });
  const { id: teamId } = await crm.teams.create({ name: "North" });
  const one = { name: "create with one reference", beside: "with none" };
  await compare(one, effort.writes, [create(crm.deals), create(crm.deals, { ownerId })]);
  const two = { name: "create with two references", beside: "with none" };
  await compare(two, effort.writes, [create(crm.deals), create(crm.deals, { ownerId, teamId })]);
  await crm.close();

  const durable = await openCrm(sqlite({ filename }));
  await compare({ ...changes, name: "update, fully durable", time: "elapsed" }, effort.durableWrites, [
    update(durable.plainDeals, ids),
    update(durable.deals, ids),
  ]);
  await durable.close();
  if (options.json) writeFileSync(options.json, JSON.stringify(results, undefined, 2));
  if (options.write) writeSection("History", historySection(results, { deals: effort.deals, rounds: effort.rounds }));
}

async function writeData(filename: string): Promise<readonly string[]> {
  const adapter = sqlite({ filename, durability: "relaxed" });
  let schema: StorageSchema | undefined;
  const crm = await openCrm({
    name: adapter.name,
    open(storageOptions) {
      schema = storageOptions.schema;
      return adapter.open(storageOptions);
    },
  });
  const { id: ownerId } = await crm.users.create({ name: "Ann", email: "ann@example.com" });
  await crm.close();
  return writeHistoryData({ adapter, schema: schema!, tenantId: "default", ownerId }, effort.deals);
}

type BenchCrm = Awaited<ReturnType<typeof openCrm>>;

/** Its clock goes on by a millisecond at each look, from when the last version of the data began. */
function openCrm(storage: StorageAdapter) {
  let now = BEGINNING + SPAN;
  return createCrm({ storage, plugins: [dealing], clock: () => now++ });
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

/** Each deal once, far from the one before. */
function update(deals: Pick<BenchCrm["deals"], "update">, ids: readonly string[]): Operation {
  return (number) =>
    deals.update(ids[(number * 7_919) % ids.length]!, {
      stage: STAGES[number % STAGES.length]!,
      amount: { amount: `${number}.25`, currency: "EUR" },
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
