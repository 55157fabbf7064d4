/** What migrations do to a table. Each change returns how to take it back. */
import { type ColumnSchema, type IndexSchema, notUnique, type TableSchema, valueRefused } from "@relata/core/adapter";
import { createIndexRule, type IndexRule } from "./index-rule.ts";
import { findConflict, renewLookups } from "./partition.ts";
import { createStoredColumn } from "./stored-column.ts";
import type { StoredRow } from "./stored-row.ts";
import { columnOf, isHistory, sortKeyOf, type TableStore } from "./table-store.ts";

/** The table without the indexes of its schema: each is a step of its own. */
export function createTable(schema: TableSchema, current?: TableStore): TableStore {
  const store: TableStore = {
    schema: { ...schema, indexes: [] },
    columns: new Map(schema.columns.map((column, position) => [column.name, createStoredColumn(column, position)])),
    current,
    width: schema.columns.length,
    rules: [],
    lookedUp: [],
    partitions: new Map(),
    keyOf: isHistory(schema) ? (id, version) => `${version} ${id}` : (id) => id,
  };
  addRule(store, { name: "", columns: schema.primaryKey, unique: false });
  lookUpForeignKeys(store);
  return store;
}

/**
 * Rows that exist get the column's default.
 *
 * @param table the schema that the column comes from, for its foreign keys
 * @throws `CrmError` `value_refused` when there are rows, and the column has no default and must not be null.
 */
export function addColumn(store: TableStore, table: TableSchema, column: ColumnSchema): () => void {
  const before = store.schema;
  const value = column.default ?? null;
  const isFilled = [...store.partitions.values()].some((partition) => partition.rows.size > 0);
  if (value === null && !column.nullable && isFilled)
    throw valueRefused(table, column.name, { why: "must not be null" });

  const columns = [...before.columns, column];
  store.columns.set(column.name, createStoredColumn(column, store.width++));
  const foreignKeys = [...before.foreignKeys, ...table.foreignKeys.filter((key) => key.column === column.name)];
  store.schema = { ...before, entity: table.entity, columns, foreignKeys };
  eachRow(store, (row) => row.push(value));
  const lookups = store.lookedUp.length;
  lookUpForeignKeys(store);

  return () => {
    store.schema = before;
    store.columns.delete(column.name);
    store.width--;
    store.lookedUp.length = lookups;
    for (const partition of store.partitions.values()) partition.lookups.length = lookups;
    eachRow(store, (row) => row.pop());
  };
}

export function redefineColumn(
  store: TableStore,
  name: string,
  change: (before: ColumnSchema) => ColumnSchema,
): () => void {
  const before = store.schema;
  const stored = columnOf(store, name);
  const after = change(stored.schema);
  store.columns.set(name, createStoredColumn(after, stored.position));
  store.schema = { ...before, columns: before.columns.map((other) => (other === stored.schema ? after : other)) };
  return () => {
    store.schema = before;
    store.columns.set(name, stored);
  };
}

/** @throws `CrmError` `not_unique` when rows that exist break the rule. */
export function addIndex(store: TableStore, index: IndexSchema): () => void {
  const before = store.schema;
  const rule = addRule(store, index);
  store.schema = { ...before, indexes: [...before.indexes, index] };
  for (const partition of store.partitions.values()) {
    partition.ordered.push({ rule, made: undefined });
    renewLookups(partition, store.lookedUp);
  }
  const undo = () => {
    store.schema = before;
    store.rules.pop();
    for (const partition of store.partitions.values()) {
      partition.ordered.pop();
      renewLookups(partition, store.lookedUp);
    }
  };

  for (const partition of store.partitions.values()) {
    for (const row of partition.rows.values()) {
      if (!index.unique || findConflict(partition, row, row) === undefined) continue;
      undo();
      throw notUnique(before, index.columns);
    }
  }
  return undo;
}

export function dropIndex(store: TableStore, { name }: IndexSchema): () => void {
  const before = store.schema;
  const rules = store.rules.slice();
  const ordered = [...store.partitions.values()].map((partition) => [partition, partition.ordered.slice()] as const);

  const kept = rules.filter((rule) => rule.schema.name !== name).map((rule, at) => ({ ...rule, at }));
  store.schema = { ...before, indexes: before.indexes.filter((index) => index.name !== name) };
  store.rules.splice(0, rules.length, ...kept);
  for (const [partition, all] of ordered) {
    const indexes = all.filter(({ rule }) => rule.schema.name !== name).map(({ made }) => made);
    partition.ordered.splice(0, all.length, ...kept.map((rule, at) => ({ rule, made: indexes[at] })));
    renewLookups(partition, store.lookedUp);
  }
  return () => {
    store.schema = before;
    store.rules.splice(0, kept.length, ...rules);
    for (const [partition, all] of ordered) {
      partition.ordered.splice(0, kept.length, ...all);
      renewLookups(partition, store.lookedUp);
    }
  };
}

function addRule(store: TableStore, index: IndexSchema): IndexRule {
  const rule = createIndexRule(index, store.rules.length, {
    primaryKey: store.schema.primaryKey,
    keyOf: (column) => sortKeyOf(store, column),
  });
  store.rules.push(rule);
  return rule;
}

function lookUpForeignKeys(store: TableStore): void {
  for (const key of (store.current ?? store).schema.foreignKeys) {
    const position = store.columns.get(key.column)?.position;
    if (position === undefined || store.lookedUp.includes(position)) continue;
    store.lookedUp.push(position);
  }
  for (const partition of store.partitions.values()) renewLookups(partition, store.lookedUp);
}

function eachRow(store: TableStore, work: (row: StoredRow) => void): void {
  for (const partition of store.partitions.values()) for (const row of partition.rows.values()) work(row);
}
