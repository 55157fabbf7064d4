/** What is read of one database that all share, and that nobody writes. */
import { compareAnswers } from "../measure/compare-answers.ts";
import type { Entrant, Operation, Workload } from "../measure/measure.ts";
import type { Contestant } from "../sales/contestant.ts";
import { measureConvertedSum } from "../sales/converted-sum.ts";
import { measureDeepPage } from "../sales/deep-page.ts";
import { includesOn, relataIncluding } from "../sales/includes.ts";
import { relataOn } from "../sales/relata.ts";
import type { SalesData } from "../sales/sales-data.ts";
import { COVERED_BOARD, STRIDE, workloadsOn } from "../sales/workloads.ts";
import type { Bench } from "../suite.ts";
import { type Databases, onClient, settle } from "./database.ts";
import { drizzle } from "./drizzle.ts";
import { kysely } from "./kysely.ts";
import { openRaw, raw } from "./raw.ts";
import { rawIncluding } from "./raw-including.ts";
import { openDatabase } from "./relata.ts";

export const GETS = "50 gets";
/** Of the largest database. */
const LARGE = ["get", "list of 50", "board"];
const TICK = 50;
const time = "wall";

export interface MeasuredDatabase {
  readonly url: string;
  readonly data: SalesData;
  /** Opportunities in it. */
  readonly size: number;
}

export async function measureReads(bench: Bench, { url, data, size }: MeasuredDatabase): Promise<void> {
  const crm = await openDatabase(url, Date.now);
  const hand = await openRaw({ url, clock: Date.now });
  const idsOf = (number: number) =>
    Array.from({ length: TICK }, (_, i) => data.ids[((number * TICK + i) * STRIDE) % data.ids.length]!);
  const gets: Workload<Operation> = {
    name: GETS,
    what: "50 opportunities by their ids, outside of a unit",
    time,
    prepare: (operation) => operation,
  };
  const ways = [
    {
      name: "in one tick",
      contestant: (number: number) => Promise.all(idsOf(number).map((id) => crm.opportunities.get(id))),
    },
    {
      name: "one by one",
      async contestant(number: number) {
        const records = [];
        for (const id of idsOf(number)) records.push(await crm.opportunities.get(id));
        return records;
      },
    },
  ];
  await compareAnswers({ entrants: ways, workloads: [gets], since: Date.now() });
  await bench.measure(gets, ways, { size });

  const entrants = [
    { name: "raw", contestant: rawIncluding(hand) },
    { name: "Relata", contestant: relataIncluding(crm) },
  ];
  const including = includesOn(data).map((workload) => ({ ...workload, time }) as const);
  await compareAnswers({ entrants, workloads: including, since: Date.now() });
  for (const workload of including) await bench.measure(workload, entrants, { size });

  await measureDeepPage(bench, crm, { size, time });
  await measureConvertedSum(bench, crm, { size, time });
  await crm.close();
  await hand.contestant.close();
}

/** The index by hand is one of a copy, where Relata does not see it. */
export async function measureCoveredBoard(
  bench: Bench,
  databases: Databases,
  { url, size }: MeasuredDatabase,
): Promise<void> {
  if (!bench.measures(COVERED_BOARD.name)) return;
  const covered = await databases.copy("covered");
  await onClient(covered, (client) =>
    client.query(`create index board_by_hand on crm.opportunity
      (tenant_id, pipeline_id, stage_id, amount_currency) include (amount, probability) where archived_at is null`),
  );
  await settle(covered);
  const byHand = await raw({ url: covered, clock: Date.now });
  const relata = relataOn(await openDatabase(url, Date.now));
  const entrants: readonly Entrant<() => unknown>[] = [
    { name: "raw", contestant: () => byHand.board() },
    { name: "Relata", contestant: () => relata.board() },
  ];
  await compareAnswers({ entrants, workloads: [COVERED_BOARD], since: Date.now() });
  await bench.measure({ ...COVERED_BOARD, time }, entrants, { size });
  await byHand.close();
  await relata.close();
  await databases.drop("covered");
}

/** Its rows are copies, and only the first have stage entries. */
export async function measureLarge(bench: Bench, { url, data, size }: MeasuredDatabase): Promise<void> {
  const crm = await openDatabase(url, Date.now);
  const options = { url, clock: Date.now };
  const entrants: readonly Entrant<Contestant>[] = [
    { name: "raw", contestant: await raw(options) },
    { name: "Relata", contestant: relataOn(crm) },
    { name: "kysely", contestant: await kysely(options) },
    { name: "drizzle", contestant: await drizzle(options) },
  ];
  const workloads = workloadsOn(data)
    .filter(({ name }) => LARGE.includes(name))
    .map((workload) => ({ ...workload, time }) as const);
  await compareAnswers({ entrants, workloads, since: Date.now() });
  for (const workload of workloads) await bench.measure(workload, entrants, { size });
  await measureDeepPage(bench, crm, { size, time });
  await measureConvertedSum(bench, crm, { size, time });
  for (const { contestant } of entrants) await contestant.close();
}
