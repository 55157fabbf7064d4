/**
 * What the values of each column stand for, in a table of the adapter's own in the same file: SQLite's types do not tell an instant
 * from a number, nor a reference from a text. No entity's table can have its name, as none has two underscores side by side.
 */
import type { MigrationStep } from "@relata/core/adapter";
import type { SqliteConnection } from "./sqlite-connection.ts";

const TABLE = "relata__column";

/** By table and column, as far as migrations have made them. */
export function readMeanings(connection: SqliteConnection): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const byTable = new Map<string, Map<string, string>>();
  if (connection.all("select 1 from sqlite_schema where type = 'table' and name = ?", [TABLE]).length === 0)
    return byTable;
  for (const [table, column, meaning] of connection.all(`select table_name, column_name, meaning from ${TABLE}`)) {
    const ofTable = byTable.get(String(table)) ?? new Map<string, string>();
    byTable.set(String(table), ofTable.set(String(column), String(meaning)));
  }
  return byTable;
}

/** For the columns that the steps have created or added. */
export function keepMeanings(connection: SqliteConnection, steps: readonly MigrationStep[]): void {
  const made = steps.flatMap((step) => {
    if (step.kind === "create_table") return step.table.columns.map((column) => [step.table.name, column] as const);
    return step.kind === "add_column" ? [[step.table.name, step.column] as const] : [];
  });
  if (made.length === 0) return;
  connection.run(
    `create table if not exists ${TABLE} (
      table_name text not null, column_name text not null, meaning text not null,
      primary key (table_name, column_name)
    ) strict, without rowid`,
  );
  for (const [table, { name, meaning }] of made) {
    connection.run(`insert or replace into ${TABLE} values (?, ?, ?)`, [table, name, meaning]);
  }
}
