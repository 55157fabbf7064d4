/** What is measured beside itself in another way, and reads of a large database. */
import { compareAnswers } from "../measure/compare-answers.ts";
import type { Entrant, Operation, Workload } from "../measure/measure.ts";
import type { Contestant } from "../sales/contestant.ts";
import { relataOn, type SalesCrm } from "../sales/relata.ts";
import type { SalesData } from "../sales/sales-data.ts";
import { workloadsOn } from "../sales/workloads.ts";
import type { Bench } from "../suite.ts";
import type { Databases } from "./database.ts";
import { drizzle } from "./drizzle.ts";
import { includingByHand, includingOn } from "./includes.ts";
import { kysely } from "./kysely.ts";
import { openRaw, raw } from "./raw.ts";
import { openDatabase, openGuarded } from "./relata.ts";

export const GETS = "50 gets";
export const GET_INCLUDING = "get with three includes";
export const LIST_INCLUDING = "list of 50 with three includes";
export const DEEP = "page";
export const GUARDED = "get with row-level security";

const READS = ["get", "list of 50", "board"];
const FROM = "2026-04-01";
/** Far from each other, and each once. */
const STRIDE = 7_919;
const TICK = 50;
/** So many are before the deep page at most. */
const PAGES = 2_000;

/** The operations of the sides of a pair, by their names. */
type Sides = Readonly<Record<string, Operation>>;

export async function measurePairs(bench: Bench, databases: Databases, data: SalesData): Promise<void> {
  const { ids } = data;
  const url = await databases.copy("pairs");
  const guardedUrl = await databases.copy("guarded");
  const crm = await openDatabase(url, Date.now);
  const guarded = await openGuarded(guardedUrl, await databases.rowsOnlyUser(guardedUrl), Date.now);
  const hand = await openRaw({ url, clock: Date.now });
  const [own, byHand] = [includingOn(crm), includingByHand(hand)];
  const idAt = (number: number) => ids[(number * STRIDE) % ids.length]!;
  const compare = comparing(bench, ids.length);

  await compare(GETS, "50 opportunities by their ids, outside of a unit", {
    "in one tick": (number) => Promise.all(idsOf(number).map((id) => crm.opportunities.get(id))),
    "one by one": async (number) => {
      const records = [];
      for (const id of idsOf(number)) records.push(await crm.opportunities.get(id));
      return records;
    },
  });
  await compare(GET_INCLUDING, "one opportunity with its account, owner and stage entries; raw with four queries", {
    raw: (number) => byHand.get(idAt(number)),
    Relata: (number) => own.get(idAt(number)),
  });
  await compare(LIST_INCLUDING, "a page of 50 with the same; raw with three queries for each row", {
    raw: () => byHand.list({ from: FROM }),
    Relata: () => own.list({ from: FROM }),
  });
  await compare(GUARDED, "one opportunity by its id", {
    off: (number) => crm.opportunities.get(idAt(number)),
    on: (number) => guarded.opportunities.get(idAt(number)),
  });
  await measureDeepPage(bench, crm, ids.length);
  for (const opened of [crm, guarded]) await opened.close();
  await hand.contestant.close();
  for (const name of ["pairs", "guarded"]) await databases.drop(name);

  function idsOf(number: number): readonly string[] {
    return Array.from({ length: TICK }, (_, i) => idAt(number * TICK + i));
  }
}

/** Of a database that nobody writes. */
export async function measureReads(bench: Bench, url: string, data: SalesData): Promise<void> {
  const crm = await openDatabase(url, Date.now);
  const options = { url, clock: Date.now };
  const entrants: readonly Entrant<Contestant>[] = [
    { name: "raw", contestant: await raw(options) },
    { name: "Relata", contestant: relataOn(crm) },
    { name: "kysely", contestant: await kysely(options) },
    { name: "drizzle", contestant: await drizzle(options) },
  ];
  const workloads = workloadsOn(data)
    .filter(({ name }) => READS.includes(name))
    .map((workload) => ({ ...workload, time: "wall" as const }));
  await compareAnswers({ entrants, workloads, since: Date.now() });
  for (const workload of workloads) await bench.measure(workload, entrants, { size: data.ids.length });
  await measureDeepPage(bench, crm, data.ids.length);
  for (const { contestant } of entrants) await contestant.close();
}

async function measureDeepPage(bench: Bench, crm: SalesCrm, size: number): Promise<void> {
  if (!bench.measures(DEEP)) return;
  const read = (after: string | undefined) =>
    crm.opportunities.list({
      where: { status: "open", expectedCloseDate: { gte: FROM } },
      orderBy: [{ expectedCloseDate: "asc" }],
      after,
    });
  let deep: string | undefined;
  const pages = Math.min(PAGES, Math.floor(size / 200));
  for (let page = 0; page < pages; page++) deep = (await read(deep)).next ?? deep;
  const workload = pairOf(DEEP, `a page of 50 behind ${pages} others, beside the first one`);
  const entrants = [
    { name: "first page", contestant: () => read(undefined) },
    { name: "deep page", contestant: () => read(deep) },
  ];
  await bench.measure(workload, entrants, { size });
}

/** Compares the answers of the sides, and measures them. */
function comparing(bench: Bench, size: number) {
  return async (name: string, what: string, sides: Sides): Promise<void> => {
    const entrants = Object.entries(sides).map(([side, contestant]) => ({ name: side, contestant }));
    const workload = pairOf(name, what);
    await compareAnswers({ entrants, workloads: [workload], since: Date.now() });
    await bench.measure(workload, entrants, { size });
  };
}

function pairOf(name: string, what: string): Workload<Operation> {
  return { name, what, time: "wall", prepare: (operation) => operation };
}
