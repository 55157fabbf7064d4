/**
 * What SQLite's planner is told about the tables before anybody has counted. Left alone it takes a tenant for ten rows, and so
 * reads all of a tenant's rows in the wanted order sooner than the twenty that belong to one account: a thousand times dearer
 * at 100,000 rows. Told once, it makes the same plans on every machine, whatever is stored; an application may still run ANALYZE.
 */
import type { ColumnSchema, IndexSchema, StorageSchema, TableSchema } from "@relata/core/adapter";
import type { SqliteConnection } from "./sqlite-connection.ts";

const ROWS = 1_000_000;
const ROWS_OF_A_TENANT = 100_000;
/** In a history table. */
const VERSIONS_OF_A_ROW = 10;

/** For every index that nothing is known about (https://sqlite.org/fileformat2.html#the_sqlite_stat1_table). */
export function writePlannerStatistics(connection: SqliteConnection, schema: StorageSchema): void {
  connection.run("analyze sqlite_schema");
  for (const table of schema.tables.values()) {
    const primaryKey: IndexSchema = {
      name: `sqlite_autoindex_${table.name}_1`,
      columns: table.primaryKey,
      unique: true,
    };
    for (const index of [primaryKey, ...table.indexes]) {
      connection.run(
        `insert into sqlite_stat1 (tbl, idx, stat) select ?, ?, ?
        where exists (select 1 from sqlite_schema where type = 'index' and name = ?)
        and not exists (select 1 from sqlite_stat1 where tbl = ? and idx = ?)`,
        [table.name, index.name, indexStatistics(table, index), index.name, table.name, index.name],
      );
    }
  }
  connection.run("analyze sqlite_schema");
}

/** The rows of the table, and then how many of them agree in the first column, in the first two, and so on. */
export function indexStatistics(table: TableSchema, index: IndexSchema): string {
  let rows = ROWS_OF_A_TENANT;
  const columns = index.columns.slice(1).map((name, position) => {
    const last = position === index.columns.length - 2;
    rows = index.unique && last ? 1 : Math.max(1, Math.round(rows / distinctValues(table, name)));
    return rows;
  });
  return [ROWS, ROWS_OF_A_TENANT, ...columns, ...(index.unique || index.columns.includes("id") ? [] : [1])].join(" ");
}

/** How many values a column has within a tenant, as far as its kind tells. */
function distinctValues(table: TableSchema, name: string): number {
  if (name === "id")
    return table.primaryKey.includes("version") ? ROWS_OF_A_TENANT / VERSIONS_OF_A_ROW : ROWS_OF_A_TENANT;
  if (table.foreignKeys.some((key) => key.column === name)) return 5_000;
  const column = table.columns.find((candidate) => candidate.name === name);
  return column?.values?.length || DISTINCT[column?.kind ?? "text"];
}

const DISTINCT: Readonly<Record<ColumnSchema["kind"], number>> = {
  boolean: 2,
  integer: 100,
  text: 1_000,
  uuid: 1_000,
  date: 1_000,
  bigint: 10_000,
  json: 10_000,
  instant: 50_000,
};
