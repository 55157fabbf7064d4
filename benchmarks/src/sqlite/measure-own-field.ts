/** A filter on a field that the application has added, with an index, on a file. */
import { sqlite } from "@relata/sqlite";
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
import { NODE } from "./contestants.ts";
import { openDatabase } from "./open-database.ts";

/** The file gets the field. */
export async function measureOwnFieldOf(bench: Bench, filename: string, size: number): Promise<void> {
  const open = () => openWithRegion(sqlite({ filename, durability: "relaxed" }));
  await (await open()).close();
  const database = openDatabase("node:sqlite", filename);
  database.prepare(`update opportunity set region = 'region ' || (rowid % ${REGIONS})`).run();
  database.prepare("analyze").run();
  const byRegion = database.prepare(
    `select ${REGION_COLUMNS} from opportunity where tenant_id = ? and archived_at is null and region = ? ${REGION_ORDER}`,
  );
  const crm = await open();
  const read = (region: string) => byRegion.all(TENANT, region) as RegionRow[];
  await measureOwnField(bench, { crm, raw: NODE, read, size });
  await crm.close();
  database.close();
}
