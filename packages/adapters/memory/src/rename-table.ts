/** What migrations do to tables and columns that have another name from now on, or none. Each change returns how to take it back. */
import { type ColumnName, CrmError, type TableName, type TableSchema } from "@relata/core/adapter";
import { createStoredColumn } from "./stored-column.ts";
import { columnOf, type TableStore } from "./table-store.ts";

type Tables = Map<string, TableStore>;

export function renameTable(tables: Tables, store: TableStore, target: TableName): () => void {
  const { name: to, entity } = target;
  const from = store.schema.name;
  if (tables.has(to)) throw new CrmError("schema_mismatch", `There is already a table "${to}" in this database.`);
  const restore = keepSchemas(tables);
  tables.delete(from);
  tables.set(to, store);
  store.schema = { ...store.schema, name: to, entity };
  for (const other of tables.values()) {
    const foreignKeys = other.schema.foreignKeys.map((key) => (key.target === from ? { ...key, target: to } : key));
    other.schema = { ...other.schema, foreignKeys, ...(other.schema.history === from ? { history: to } : {}) };
  }
  return restore;
}

export function dropTable(tables: Tables, store: TableStore): () => void {
  const { name } = store.schema;
  const restore = keepSchemas(tables);
  tables.delete(name);
  for (const other of tables.values()) {
    const foreignKeys = other.schema.foreignKeys.filter((key) => key.target !== name);
    other.schema = { ...other.schema, foreignKeys };
  }
  return restore;
}

export function renameColumn(store: TableStore, from: string, target: ColumnName): () => void {
  const { name: to, field } = target;
  const stored = columnOf(store, from);
  const before = store.schema;
  const renamed = { ...stored.schema, name: to, field };
  store.columns.delete(from);
  store.columns.set(to, createStoredColumn(renamed, stored.position));
  store.schema = {
    ...before,
    columns: before.columns.map((column) => (column.name === from ? renamed : column)),
    foreignKeys: before.foreignKeys.map((key) => (key.column === from ? { ...key, column: to } : key)),
  };
  return () => {
    store.columns.delete(to);
    store.columns.set(from, stored);
    store.schema = before;
  };
}

/** The place of the column stays in the rows, as all others are found by theirs; nothing leads to it any more. */
export function dropColumn(store: TableStore, name: string): () => void {
  const stored = columnOf(store, name);
  const before = store.schema;
  store.columns.delete(name);
  store.schema = {
    ...before,
    columns: before.columns.filter((column) => column.name !== name),
    foreignKeys: before.foreignKeys.filter((key) => key.column !== name),
  };
  return () => {
    store.columns.set(name, stored);
    store.schema = before;
  };
}

function keepSchemas(tables: Tables): () => void {
  const before = [...tables].map(([name, store]): [string, TableStore, TableSchema] => [name, store, store.schema]);
  return () => {
    tables.clear();
    for (const [name, store, schema] of before) {
      store.schema = schema;
      tables.set(name, store);
    }
  };
}
