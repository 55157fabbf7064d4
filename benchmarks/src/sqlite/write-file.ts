/** The file that all start from. */
import { DatabaseSync } from "node:sqlite";
import { sqlite } from "@relata/sqlite";
import type { SalesData } from "../sales/sales-data.ts";
import { writeSalesRows } from "../sales/sales-rows.ts";

export function writeFile(filename: string, size: number): Promise<SalesData> {
  return writeSalesRows(sqlite({ filename, durability: "relaxed" }), size, (write) => withoutIndexes(filename, write));
}

/** Secondary indexes are dropped while the rows are written, and built afterwards as they were. */
export async function withoutIndexes(
  filename: string,
  write: (database: DatabaseSync) => Promise<void> | void,
): Promise<void> {
  const database = new DatabaseSync(filename, { enableForeignKeyConstraints: false });
  database.exec("pragma cache_size = -400000; pragma temp_store = memory");
  const filled = "tbl_name in ('opportunity', 'opportunity_stage_entry')";
  const indexes = database
    .prepare(`select name, sql from sqlite_schema where type = 'index' and ${filled} and sql is not null`)
    .all();
  for (const { name } of indexes) database.exec(`drop index "${name}"`);
  await write(database);
  for (const { sql } of indexes) database.exec(String(sql));
  database.exec("analyze; pragma wal_checkpoint(truncate)");
  database.close();
}
