/** A filter on a field that the application has added, with an index, in memory. */
import BetterSqlite3 from "better-sqlite3";
import {
  measureOwnField,
  openWithRegion,
  REGION_COLUMNS,
  REGION_ORDER,
  REGIONS,
  type RegionRow,
} from "../sales/own-field.ts";
import { TENANT } from "../sales/rows.ts";
import type { Bench } from "../suite.ts";
import { RAW } from "./contestants.ts";
import { fillMemory } from "./fill-memory.ts";
import { keptMemory } from "./kept-memory.ts";
import { bytesOf } from "./sqlite-in-memory.ts";

/** Changes the file. */
export async function measureOwnFieldOf(bench: Bench, filename: string, size: number): Promise<void> {
  addRegions(filename);
  const kept = keptMemory();
  const crm = await openWithRegion(kept.adapter);
  await fillMemory(kept, filename);
  const database = new BetterSqlite3(bytesOf(filename));
  const byRegion = database.prepare(
    `select ${REGION_COLUMNS} from opportunity where tenant_id = ? and archived_at is null and region = ? ${REGION_ORDER}`,
  );
  const read = (region: string) => byRegion.all(TENANT, region) as RegionRow[];
  await measureOwnField(bench, { crm, raw: RAW, read, size });
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
