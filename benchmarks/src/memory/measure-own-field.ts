/** A filter on a field that the application has added, with an index. */
import { createCrm } from "@relata/core";
import { text } from "@relata/core/plugin";
import BetterSqlite3 from "better-sqlite3";
import { compareAnswers } from "../measure/compare-answers.ts";
import type { Entrant, Workload } from "../measure/measure.ts";
import { OPPORTUNITY_COLUMNS, type OpportunityRow, opportunityOf, TENANT } from "../sales/rows.ts";
import type { Bench } from "../suite.ts";
import { RAW, RELATA } from "./contestants.ts";
import { fillMemory } from "./fill-memory.ts";
import { keptMemory } from "./kept-memory.ts";
import { bytesOf } from "./sqlite-in-memory.ts";

export const OWN_FIELD = "filter on an own field";
const REGIONS = 100;

type ListByRegion = (region: string) => unknown;

/** Each region has a hundredth of the records. Changes the file. */
export async function measureOwnField(bench: Bench, filename: string, size: number): Promise<void> {
  addRegions(filename);
  const kept = keptMemory();
  const crm = await createCrm({
    storage: kept.adapter,
    extend: { opportunity: { region: text().optional().indexed() } },
  });
  await fillMemory(kept, filename);
  const database = new BetterSqlite3(bytesOf(filename));
  const byRegion = database.prepare(
    `select ${OPPORTUNITY_COLUMNS.join()}, region from opportunity
    where tenant_id = ? and archived_at is null and region = ? order by id limit 51`,
  );
  const entrants: readonly Entrant<ListByRegion>[] = [
    {
      name: RAW,
      contestant: (region) =>
        (byRegion.all(TENANT, region) as (OpportunityRow & { readonly region: string })[])
          .slice(0, 50)
          .map((row) => ({ ...opportunityOf(row), region: row.region })),
    },
    {
      name: RELATA,
      contestant: async (region) => (await crm.opportunities.list({ where: { region }, limit: 50 })).items,
    },
  ];
  const workload: Workload<ListByRegion> = {
    name: OWN_FIELD,
    what: "the first 50 records of a region, a field that the application has added with an index",
    prepare: (list) => (operation) => list(`region ${operation % REGIONS}`),
  };
  await compareAnswers({ entrants, workloads: [workload], since: Date.now() });
  await bench.measure(workload, entrants, { size });
  await crm.close();
  database.close();
}

/** As the migration of the field does it. */
function addRegions(filename: string): void {
  const database = new BetterSqlite3(filename);
  database.exec(`alter table opportunity add column region text;
    update opportunity set region = 'region ' || (rowid % ${REGIONS});
    create index opportunity_region on opportunity (tenant_id, region, id);
    analyze; pragma wal_checkpoint(truncate)`);
  database.close();
}
