/** References to tables of the application's own: whether these can be referred to, and which reference a write broke. */
import {
  type AppReferenceSchema,
  CrmError,
  referenceNotFound,
  type StorageSchema,
  type TableSchema,
} from "@relata/core/adapter";
import { jsonList } from "./bind.ts";
import { quoteName } from "./quote.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";

/** @throws `schema_mismatch` for a table that is not there, or a column that is not its key: SQLite would say so at every write. */
export function checkAppTables(connection: SqliteConnection, { tables }: StorageSchema): void {
  for (const table of tables.values()) {
    for (const reference of table.appReferences ?? []) {
      if (!isKey(connection, reference)) throw notThere(connection, table, reference);
    }
  }
}

function isKey(connection: SqliteConnection, { target, targetColumn }: AppReferenceSchema): boolean {
  const keys = connection.all("select name from pragma_table_info(?) where pk > 0", [target]);
  if (keys.length === 1 && isSame(keys[0]![0], targetColumn)) return true;
  const indexes = connection.all(`select name from pragma_index_list(?) where "unique" = 1 and partial = 0`, [target]);
  return indexes.some(([index]) => {
    const columns = connection.all("select name from pragma_index_info(?)", [index]);
    return columns.length === 1 && isSame(columns[0]![0], targetColumn);
  });
}

/** SQLite's names of tables and columns have no case. */
function isSame(name: unknown, other: string): boolean {
  return String(name).toLowerCase() === other.toLowerCase();
}

function notThere(
  connection: SqliteConnection,
  table: TableSchema,
  { column, target, targetColumn }: AppReferenceSchema,
): CrmError {
  const columns = connection.all("select name from pragma_table_info(?)", [target]).map(([name]) => name);
  const problem =
    columns.length === 0
      ? `the table "${target}" is not in this database`
      : columns.some((name) => isSame(name, targetColumn))
        ? `"${targetColumn}" is neither the key of "${target}" nor unique`
        : `the table "${target}" has no column "${targetColumn}"`;
  const field = table.columns.find(({ name }) => name === column)?.field ?? column;
  return new CrmError(
    "schema_mismatch",
    `${table.entity}.${field} refers to ${target}.${targetColumn}, but ${problem}. Create it before the CRM is opened.`,
    { details: { entity: table.entity, field, table: target, column: targetColumn } },
  );
}

/** The first of the application's rows that one of the rows `ids` refers to, and that does not exist. */
export function findBrokenAppReference(
  connection: SqliteConnection,
  {
    tenantId,
    table,
    ids,
    cause,
  }: {
    readonly tenantId: string;
    readonly table: TableSchema;
    readonly ids: readonly string[];
    readonly cause: unknown;
  },
): CrmError | undefined {
  for (const { column, target, targetColumn } of table.appReferences ?? []) {
    const [row] = connection.all(
      `select ${quoteName(column)} from ${quoteName(table.name)} as referring where tenant_id = ? and id in (select value from json_each(?)) and ${quoteName(
        column,
      )} is not null and not exists (select 1 from ${quoteName(target)} as target where target.${quoteName(targetColumn)} = referring.${quoteName(column)}) limit 1`,
      [tenantId, jsonList(ids)],
    );
    if (row) return referenceNotFound(table, column, { id: String(row[0]), cause });
  }
  return undefined;
}
