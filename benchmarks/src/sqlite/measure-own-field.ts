/** A filter on a field that the application has added, with an index. */
import { DatabaseSync } from "node:sqlite";
import { createCrm } from "@relata/core";
import { text } from "@relata/core/plugin";
import { sqlite } from "@relata/sqlite";
import { compareAnswers } from "../measure/compare-answers.ts";
import type { Entrant, Workload } from "../measure/measure.ts";
import { OPPORTUNITY_COLUMNS, type OpportunityRow, opportunityOf, TENANT } from "../sales/rows.ts";
import type { Bench } from "../suite.ts";
import { openDatabase } from "./open-database.ts";

const REGIONS = 100;

type ListByRegion = (region: string) => unknown;

/** The file gets the field; each region has a hundredth of the records. */
export async function measureOwnField(bench: Bench, filename: string, size: number): Promise<void> {
  const open = () =>
    createCrm({
      storage: sqlite({ filename, durability: "relaxed" }),
      extend: { opportunity: { region: text().optional().indexed() } },
    });
  await (await open()).close();
  fillRegions(filename);
  const crm = await open();
  const database = openDatabase("node:sqlite", filename);
  const byRegion = database.prepare(
    `select ${OPPORTUNITY_COLUMNS.join()}, region from opportunity
    where tenant_id = ? and archived_at is null and region = ? order by id limit 51`,
  );
  const entrants: readonly Entrant<ListByRegion>[] = [
    {
      name: "node:sqlite",
      contestant: (region) =>
        (byRegion.all(TENANT, region) as (OpportunityRow & { readonly region: string })[])
          .slice(0, 50)
          .map((row) => ({ ...opportunityOf(row), region: row.region })),
    },
    {
      name: "Relata",
      contestant: async (region) => (await crm.opportunities.list({ where: { region }, limit: 50 })).items,
    },
  ];
  const workload: Workload<ListByRegion> = {
    name: "filter on an own field",
    what: "the first 50 records of a region, a field that the application has added with an index",
    prepare: (list) => (operation) => list(`region ${operation % REGIONS}`),
  };
  await compareAnswers({ entrants, workloads: [workload], since: Date.now() });
  await bench.measure(workload, entrants, { size });
  await crm.close();
  database.close();
}

function fillRegions(filename: string): void {
  const database = new DatabaseSync(filename);
  database.exec(`update opportunity set region = 'region ' || (rowid % ${REGIONS}); analyze`);
  database.close();
}
