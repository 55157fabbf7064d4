/** A filter on a field that the application has added, with an index. */
import { createCrm } from "@relata/core";
import type { StorageAdapter } from "@relata/core/adapter";
import { text } from "@relata/core/plugin";
import { compareAnswers } from "../measure/compare-answers.ts";
import type { Answer, Workload } from "../measure/measure.ts";
import type { Bench } from "../suite.ts";
import { OPPORTUNITY_COLUMNS, type OpportunityRow, opportunityOf } from "./rows.ts";

export const OWN_FIELD = "filter on an own field";
/** Each has a hundredth of the records. */
export const REGIONS = 100;

const LIMIT = 50;
/** What raw reads: one row more than it gives, which tells whether others follow. */
export const REGION_COLUMNS = [...OPPORTUNITY_COLUMNS, "region"].join();
export const REGION_ORDER = `order by id limit ${LIMIT + 1}`;

export type RegionRow = OpportunityRow & { readonly region: string };
type ListByRegion = (region: string) => unknown;

export function openWithRegion(storage: StorageAdapter) {
  return createCrm({ storage, extend: { opportunity: { region: text().optional().indexed() } } });
}

export interface OwnFieldOptions {
  readonly crm: Awaited<ReturnType<typeof openWithRegion>>;
  readonly raw: string;
  /** Rows of a region, by hand. */
  readonly read: (region: string) => Answer<readonly RegionRow[]>;
  readonly size: number;
  readonly time?: Workload<ListByRegion>["time"];
}

export async function measureOwnField(bench: Bench, options: OwnFieldOptions): Promise<void> {
  const { crm, raw, read, size, time = "cpu" } = options;
  const recordsOf = (rows: readonly RegionRow[]) =>
    rows.slice(0, LIMIT).map((row) => ({ ...opportunityOf(row), region: row.region }));
  const entrants = [
    {
      name: raw,
      contestant: (region: string) => {
        const rows = read(region);
        return rows instanceof Promise ? rows.then(recordsOf) : recordsOf(rows);
      },
    },
    {
      name: "Relata",
      contestant: async (region: string) => (await crm.opportunities.list({ where: { region }, limit: LIMIT })).items,
    },
  ];
  const workload: Workload<ListByRegion> = {
    name: OWN_FIELD,
    what: "the first 50 records of a region, a field that the application has added with an index",
    time,
    prepare: (list) => (operation) => list(`region ${operation % REGIONS}`),
  };
  await compareAnswers({ entrants, workloads: [workload], since: Date.now() });
  await bench.measure(workload, entrants, { size });
}
