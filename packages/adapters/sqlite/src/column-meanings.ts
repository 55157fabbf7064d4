/**
 * What the values of each column stand for, in a table of the adapter's own in the same file: SQLite's types do not tell an instant
 * from a number, nor a reference from a text. No entity's table can have its name, as none has two underscores side by side.
 */
import type { MigrationStep } from "@relata/core/adapter";
import { quoteText } from "./quote.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";

const TABLE = "relata__column";

const CREATE = `create table if not exists ${TABLE} (
      table_name text not null, column_name text not null, meaning text not null,
      primary key (table_name, column_name)
    ) strict, without rowid`;

/** By table and column, as far as migrations have made them. */
export function readMeanings(connection: SqliteConnection): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const byTable = new Map<string, Map<string, string>>();
  if (!isThere(connection)) return byTable;
  for (const [table, column, meaning] of connection.all(`select table_name, column_name, meaning from ${TABLE}`)) {
    const ofTable = byTable.get(String(table)) ?? new Map<string, string>();
    byTable.set(String(table), ofTable.set(String(column), String(meaning)));
  }
  return byTable;
}

/** What keeps the meanings right after a step. */
export function meaningStatements(connection: SqliteConnection, step: MigrationStep): readonly string[] {
  const table = quoteText(step.table.name);
  const keep = (columns: readonly { readonly name: string; readonly meaning: string }[]) => [
    ...(isThere(connection) ? [] : [CREATE]),
    ...columns.map(
      ({ name, meaning }) =>
        `insert or replace into ${TABLE} values (${table}, ${quoteText(name)}, ${quoteText(meaning)})`,
    ),
  ];
  const change = (statement: string) => (isThere(connection) ? [statement] : []);
  switch (step.kind) {
    case "create_table":
      return keep(step.table.columns);
    case "add_column":
      return keep([step.column]);
    case "set_meaning":
      return keep([{ name: step.column, meaning: step.meaning }]);
    case "rename_table":
      return change(`update ${TABLE} set table_name = ${quoteText(step.to.name)} where table_name = ${table}`);
    case "drop_table":
      return change(`delete from ${TABLE} where table_name = ${table}`);
    case "rename_column":
      return change(
        `update ${TABLE} set column_name = ${quoteText(step.to.name)} where table_name = ${table} and column_name = ${quoteText(step.column)}`,
      );
    case "drop_column":
      return change(`delete from ${TABLE} where table_name = ${table} and column_name = ${quoteText(step.column)}`);
    default:
      return [];
  }
}

function isThere(connection: SqliteConnection): boolean {
  return connection.all("select 1 from sqlite_schema where type = 'table' and name = ?", [TABLE]).length > 0;
}
