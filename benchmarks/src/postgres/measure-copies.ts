/** What is read of a database that is changed for it: one with row-level security, one with a field of the application's own. */
import { postgres } from "@relata/postgres";
import { compareAnswers } from "../measure/compare-answers.ts";
import type { Workload } from "../measure/measure.ts";
import {
  measureOwnField,
  openWithRegion,
  REGION_COLUMNS,
  REGION_ORDER,
  REGIONS,
  type RegionRow,
} from "../sales/own-field.ts";
import type { SalesCrm } from "../sales/relata.ts";
import { TENANT } from "../sales/rows.ts";
import { STRIDE } from "../sales/workloads.ts";
import type { Bench } from "../suite.ts";
import { type Databases, onClient, settle } from "./database.ts";
import type { MeasuredDatabase } from "./measure-reads.ts";
import { openRaw } from "./raw.ts";
import { openDatabase, openGuarded } from "./relata.ts";

export const GUARDED = "get with row-level security";

const BY_REGION = `select ${REGION_COLUMNS} from crm.opportunity
  where tenant_id = $1 and archived_at is null and region = $2 ${REGION_ORDER}`;

export async function measureCopies(bench: Bench, databases: Databases, original: MeasuredDatabase): Promise<void> {
  const { data, size } = original;
  const guardedUrl = await databases.copy("guarded");
  const regionsUrl = await databases.copy("regions");

  const off = await openDatabase(original.url, Date.now);
  const on = await openGuarded(guardedUrl, await databases.rowsOnlyUser(guardedUrl), Date.now);
  const workload: Workload<SalesCrm> = {
    name: GUARDED,
    what: "one opportunity by its id",
    time: "wall",
    prepare: (crm) => (number) => crm.opportunities.get(data.ids[(number * STRIDE) % data.ids.length]!),
  };
  const entrants = [
    { name: "off", contestant: off },
    { name: "on", contestant: on },
  ];
  await compareAnswers({ entrants, workloads: [workload], since: Date.now() });
  await bench.measure(workload, entrants, { size });
  for (const { contestant } of entrants) await contestant.close();

  const crm = await openWithRegion(postgres({ connectionString: regionsUrl }));
  await onClient(regionsUrl, (client) =>
    client.query(`update crm.opportunity set region = 'region ' || (abs(hashtext(id::text)) % ${REGIONS})`),
  );
  await settle(regionsUrl);
  const { query, contestant } = await openRaw({ url: regionsUrl, clock: Date.now });
  const read = (region: string) => query<RegionRow>("by region", BY_REGION, [TENANT, region]);
  await measureOwnField(bench, { crm, raw: "raw", read, size, time: "wall" });
  await crm.close();
  await contestant.close();
  for (const name of ["guarded", "regions"]) await databases.drop(name);
}
