/** What history costs on an SQLite file: reads of the past beside those of the present, writes beside those without history. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createCrm } from "@relata/core";
import type { StorageAdapter, StorageSchema } from "@relata/core/adapter";
import { count, sum } from "@relata/core/plugin";
import { sqlite } from "@relata/sqlite";
import type { Operation, Workload } from "../measure/measure.ts";
import { copyLog, sqliteVersion } from "../sqlite/database-file.ts";
import type { Bench, Goal, Suite } from "../suite.ts";
import { BEGINNING, dealing, dealingListed, SPAN, STAGES, writeHistoryData } from "./history-data.ts";

const DEALS = { full: [10_000, 100_000], quick: [10_000], smoke: [10_000], answers: [] };
/** From when hardly a deal was there up to now, as parts of all the time. */
const INSTANTS = [0.001, 0.01, 0.03, 0.1, 0.25, 0.5, 0.75, 0.95, 0.999, 1];
/** Those that are measured with fewer deals than the most. */
const FEW_INSTANTS = [0.1, 0.5, 1];
const READ = ["past", "present"] as const;
const WRITTEN = ["with history", "without"] as const;

/** What bounds a goal that is missed. */
const BOUND = {
  update:
    "a row more in a table of its own, with its index, and one more with `asOfIndexes`: pages of the log, which Relata's own part of a call no longer hides.",
  list: "few records are there so early, and most versions in the index are of later ones: they are gone through.",
} as const;

const listAt = (part: number) => `list of 50 at ${part} of the time`;
const boardAt = (part: number) => `board at ${part} of the time`;
const written = (workload: string, atMost: number): Goal => ({ workload, of: WRITTEN, atMost, bound: BOUND.update });

export const suite: Suite = {
  name: "history",
  title: "History, on SQLite",
  storage: "sqlite",
  goals: [
    written("update", 1.67),
    written("update, with the log copied", 1.67),
    ...INSTANTS.map((part) => ({
      workload: listAt(part),
      of: READ,
      atMost: 10,
      bound: BOUND.list,
      smoke: part === 0.5,
    })),
    ...INSTANTS.map((part) => ({ workload: boardAt(part), of: READ, atMost: 5 })),
    written("update, with asOfIndexes", 1.67),
    written("update, with asOfIndexes, fully durable", 1.67),
  ],
  comparisons: [
    ["with history", "without"],
    ["with references", "with none"],
  ],
  contestants: {},
  method: `All of it is Relata as an application uses it: an entity of a plugin whose records have ten versions each, and another one that is the same but has \`history: false\`.
Both have an index for the list; \`asOfIndexes\` is the same index for lists of the past, which every list here was measured with.
Deals begin all along the first nine tenths of the time and are changed up to its end. A list is of one stage from a day on, in the
order of the day; a board is count, amount and weighted amount by stage. The list and the board of the past are \`asOf\` of the same
call. Updates are of deals far from one another, each a call and a transaction of its own, with \`durability: "relaxed"\`, where the
disk hides nothing; "fully durable" is the default, and all its time counts. The write-ahead log is copied into the database before each
turn, outside of the time, and for "with the log copied" what a turn has written is copied at its end, inside of it.`,
  versions: () => ({ SQLite: sqliteVersion() }),
  run,
};

/** An operation of each side, by its name. */
type Sides = Readonly<Record<string, Operation>>;

async function run(bench: Bench): Promise<void> {
  for (const size of DEALS[bench.mode]) await runAt(bench, size);
}

async function runAt(bench: Bench, size: number): Promise<void> {
  bench.say(`${size.toLocaleString("en")} deals are written`);
  const filename = join(bench.folder, `history-${size}.db`);
  const clock = startClock();
  const ids = await writeData(filename, size, clock);
  const compare = async (name: string, sides: Sides, more?: Partial<Workload<Operation>>) => {
    const workload: Workload<Operation> = { name, what: "", prepare: (operation) => operation, ...more };
    const entrants = Object.entries(sides).map(([side, contestant]) => ({
      name: side,
      contestant,
      settle: () => copyLog("node:sqlite", filename),
    }));
    await bench.measure(workload, entrants, { size });
  };

  const relaxed = sqlite({ filename, durability: "relaxed" });
  const without = await openCrm(relaxed, dealing, clock);
  const write: typeof compare = (name, sides, more) => compare(name, sides, { writes: true, ...more });
  const updates = (crm: BenchCrm) => ({ without: update(crm.plainDeals, ids), "with history": update(crm.deals, ids) });
  await write("update", updates(without));
  await write("update, with the log copied", updates(without), { finish: () => copyLog("node:sqlite", filename) });
  await without.close();
  dropIndexes(filename);

  const crm = await openCrm(relaxed, dealingListed, clock);
  const then = (part: number) => crm.asOf(new Date(BEGINNING + part * SPAN));
  const instants = size === DEALS.full.at(-1) ? INSTANTS : FEW_INSTANTS;
  for (const part of instants) await compare(listAt(part), { present: list(crm), past: list(then(part)) });
  for (const part of instants) await compare(boardAt(part), { present: board(crm), past: board(then(part)) });
  await write("update, with asOfIndexes", updates(crm));
  await write("create", { without: create(crm.plainDeals), "with history": create(crm.deals) });
  const { id: ownerId } = await crm.users.create({ name: "Bea", email: "bea@example.com" });
  const { id: teamId } = await crm.teams.create({ name: "North" });
  const none = create(crm.deals);
  await write("create, one reference", { "with none": none, "with references": create(crm.deals, { ownerId }) });
  await write("create, two references", {
    "with none": none,
    "with references": create(crm.deals, { ownerId, teamId }),
  });
  await crm.close();

  const durable = await openCrm(sqlite({ filename }), dealingListed, clock);
  await write("update, with asOfIndexes, fully durable", updates(durable), { time: "wall" });
  await durable.close();
}

async function writeData(filename: string, deals: number, clock: () => number): Promise<readonly string[]> {
  const adapter = sqlite({ filename, durability: "relaxed" });
  let schema: StorageSchema | undefined;
  const open: StorageAdapter["open"] = (storageOptions) => {
    schema = storageOptions.schema;
    return adapter.open(storageOptions);
  };
  const crm = await openCrm({ name: adapter.name, open }, dealing, clock);
  const { id: ownerId } = await crm.users.create({ name: "Ann", email: "ann@example.com" });
  await crm.close();
  return writeHistoryData({ adapter, schema: schema!, tenantId: "default", ownerId }, deals);
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

function openCrm(storage: StorageAdapter, plugin: typeof dealing | typeof dealingListed, clock: () => number) {
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
  let amount = 0;
  return (number) =>
    deals.update(ids[(number * 7_919) % ids.length]!, {
      stage: STAGES[number % STAGES.length]!,
      amount: { amount: `${++amount}.37`, currency: "EUR" },
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
