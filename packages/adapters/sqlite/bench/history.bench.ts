/**
 * What history costs: `pnpm bench history`, with 100,000 deals of ten versions each, or `pnpm bench history --quick`. Reads of the past
 * beside the same reads of the present, and updates and creates beside those of a table without history, in rounds that take turns.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { AggregateQuery, FindQuery, Storage, WriteStep } from "@relata/core/adapter";
import { sqlite } from "@relata/sqlite";
import {
  columnNames,
  dealRow,
  idOf,
  SPAN,
  STAGES,
  schema,
  TENANT,
  VERSIONS,
  writeHistoryData,
} from "./history-data.ts";

const FULL = { deals: 100_000, rounds: 15, lists: 40, boards: 1, writes: 200 };
const QUICK = { deals: 10_000, rounds: 7, lists: 40, boards: 2, writes: 100 };
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

/** A thing to be done again and again, by the number of the time. */
type Operation = (number: number) => Promise<unknown>;

interface Comparison {
  readonly goal: string;
  readonly times: number;
  readonly operations: readonly [Operation, Operation];
  /** Where waiting for the disk counts. CPU time is compared otherwise. */
  readonly waiting?: boolean;
}

async function run(filename: string): Promise<void> {
  await writeHistoryData(filename, effort.deals);
  const storage = await sqlite({ filename, durability: "relaxed" }).open({ schema, waitTimeoutMs: 5_000 });
  const lines: string[] = [];
  const compare = async (name: string, comparison: Comparison) => {
    const { goal } = comparison;
    const ratio = await medianRatio(comparison);
    lines.push(`${name.padEnd(32)} ${ratio.toFixed(2).padStart(6)} ${goal}`);
    console.log(lines.at(-1));
  };
  const { lists, boards, writes } = effort;
  const speed = "times the speed, at least 0.6";
  for (const part of INSTANTS) {
    const operations = [listNow(storage), listThen(storage, part)] as const;
    await compare(`list of 50 as of ${part}`, { goal: "times the cost, at most 10", times: lists, operations });
  }
  for (const part of INSTANTS) {
    const operations = [boardNow(storage), boardThen(storage, part)] as const;
    await compare(`board as of ${part}`, { goal: "times the cost, at most 5", times: boards, operations });
  }
  const changes = (on: Storage) => [updates(on, "deal"), updates(on, "plain")] as const;
  await compare("update", { goal: speed, times: writes, operations: changes(storage) });
  const creations = [creates(storage, "deal"), creates(storage, "plain")] as const;
  await compare("create", { goal: "times the speed, as fast", times: writes, operations: creations });
  await storage.close();

  const durable = await sqlite({ filename }).open({ schema, waitTimeoutMs: 5_000 });
  await compare("update, fully durable", {
    goal: speed,
    times: writes / 4,
    operations: changes(durable),
    waiting: true,
  });
  await durable.close();
  if (options.json) writeFileSync(options.json, JSON.stringify(lines, undefined, 2));
}

/** How many times the cost of the first the second costs: the ratio within each round, and the middle one of them. */
async function medianRatio({ operations: [base, other], times, waiting }: Comparison): Promise<number> {
  const ratios: number[] = [];
  let done = 0;
  const cost = async (operation: Operation) => {
    const start = performance.now();
    const used = process.cpuUsage();
    for (let i = 0; i < times; i++) await operation(done + i);
    const { user, system } = process.cpuUsage(used);
    return waiting ? performance.now() - start : user + system;
  };
  for (let round = -2; round < effort.rounds; round++) {
    globalThis.gc?.();
    const otherFirst = round % 2 === 0 ? await cost(other) : undefined;
    const baseCost = await cost(base);
    const ratio = (otherFirst ?? (await cost(other))) / baseCost;
    if (round >= 0) ratios.push(ratio);
    done += times;
  }
  return ratios.sort((a, b) => a - b)[ratios.length >> 1]!;
}

const list: FindQuery = {
  table: "deal",
  columns: columnNames,
  where: {
    kind: "and",
    of: [
      { kind: "compare", column: "stage", operator: "eq", value: 0 },
      { kind: "compare", column: "close_date", operator: "gte", value: 1 },
    ],
  },
  orderBy: [
    { column: "close_date", direction: "asc" },
    { column: "id", direction: "asc" },
  ],
  limit: 2,
  include: [],
};
const listAsOf: FindQuery = { ...list, asOf: 3 };
const listParams = (number: number) => [STAGES[number % STAGES.length]!, "2026-04-01", 50];

function listNow(storage: Storage): Operation {
  return (number) => storage.find(list, { tenantId: TENANT, params: listParams(number) });
}

function listThen(storage: Storage, part: number): Operation {
  return (number) => storage.find(listAsOf, { tenantId: TENANT, params: [...listParams(number), part * SPAN] });
}

const board: AggregateQuery = {
  table: "deal",
  where: { kind: "compare", column: "pipeline_id", operator: "eq", value: 0 },
  groupBy: [{ path: [], column: "stage" }],
  measures: [
    { kind: "rows" },
    { kind: "sum", column: "amount" },
    { kind: "sum", column: "amount", weight: "probability" },
  ],
};
const boardAsOf: AggregateQuery = { ...board, asOf: 1 };

function boardNow(storage: Storage): Operation {
  return () => storage.aggregate(board, { tenantId: TENANT, params: ["sales"] });
}

function boardThen(storage: Storage, part: number): Operation {
  return () => storage.aggregate(boardAsOf, { tenantId: TENANT, params: ["sales", part * SPAN] });
}

/** Each deal once, far from the one before. */
function updates(storage: Storage, table: "deal" | "plain"): Operation {
  const versions = new Map<string, number>();
  const endedBy = table === "deal" ? { endedBy: "ann" } : {};
  return async (number) => {
    const id = idOf((number * 7_919) % effort.deals);
    const version = versions.get(id) ?? (await versionOf(storage, table, id));
    versions.set(id, version + 1);
    const at = SPAN + number;
    const values = [STAGES[number % STAGES.length]!, BigInt(number), version + 1, at];
    const row = { id, version, values, ...(table === "deal" ? { endedAt: at } : {}) };
    await storage.write(TENANT, [
      { kind: "update", table, columns: ["stage", "amount", "version", "updated_at"], rows: [row], ...endedBy },
    ]);
  };
}

/** As core reads a record before it changes it. */
async function versionOf(storage: Storage, table: string, id: string): Promise<number> {
  const query: FindQuery = {
    ...{ table, columns: columnNames, orderBy: [], include: [] },
    where: { kind: "compare", column: "id", operator: "eq", value: 0 },
  };
  const [row] = await storage.find(query, { tenantId: TENANT, params: [id] });
  return Number(row![columnNames.indexOf("version")]);
}

function creates(storage: Storage, table: "deal" | "plain"): Operation {
  return (number) => {
    const values = dealRow(effort.deals + number, VERSIONS, { createdAt: SPAN, updatedAt: SPAN + number });
    const step: WriteStep = { kind: "insert", table, columns: columnNames, rows: [values] };
    return storage.write(TENANT, [step]);
  };
}

const folder = mkdtempSync(join(tmpdir(), "relata-history-"));
try {
  await run(join(folder, "history.db"));
} finally {
  rmSync(folder, { recursive: true });
}
