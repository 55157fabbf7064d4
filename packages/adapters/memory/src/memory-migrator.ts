/** Migrations of a database in memory: it starts empty, so that every table in it was made by them. */
import {
  type ColumnSchema,
  CrmError,
  type LiveColumn,
  type LiveSchema,
  type MigrationStep,
} from "@relata/core/adapter";
import type { Database } from "./database.ts";
import { addColumn, addIndex, createTable, dropIndex, widenColumn } from "./define-table.ts";
import { columnOf, missing, type TableStore } from "./table-store.ts";
import { allOrNothing, createUndoLog, type UndoLog } from "./undo-log.ts";

/** Applies what `plan` answers to what exists: all of it, or nothing. */
export function migrate(
  database: Database,
  plan: (live: LiveSchema) => readonly MigrationStep[],
): readonly MigrationStep[] {
  const undo = createUndoLog();
  try {
    return allOrNothing(undo, () => {
      const steps = plan(liveSchemaOf(database));
      for (const step of steps) applyStep(database, step, undo);
      return steps;
    });
  } finally {
    database.forgetQueries();
  }
}

function liveSchemaOf(database: Database): LiveSchema {
  const tables = [...database.tables.values()].map(({ schema }) => {
    const columns = schema.columns.map((column) => [column.name, liveColumnOf(column)] as const);
    const indexes = schema.indexes.map((index) => [index.name, index] as const);
    return [schema.name, { columns: new Map(columns), indexes: new Map(indexes) }] as const;
  });
  return { tables: new Map(tables) };
}

function liveColumnOf({ kind, meaning, nullable, default: value, values }: ColumnSchema): LiveColumn {
  return { type: kind, meaning, nullable, hasDefault: value !== undefined, ...(values ? { values } : {}) };
}

function applyStep({ tables }: Database, step: MigrationStep, undo: UndoLog): void {
  const { name } = step.table;
  if (step.kind === "create_table") {
    if (tables.has(name)) throw new CrmError("schema_mismatch", `There is already a table "${name}" in this database.`);
    const current = [...tables.values()].find(({ schema }) => schema.history === name);
    tables.set(name, createTable(step.table, current));
    undo.record(() => tables.delete(name));
    return;
  }
  const store = tables.get(name);
  if (store === undefined) throw missing(`table "${name}"`);
  undo.record(alter(store, step));
}

function alter(store: TableStore, step: Exclude<MigrationStep, { kind: "create_table" }>): () => void {
  switch (step.kind) {
    case "add_column":
      return addColumn(store, step.table, step.column);
    case "widen_column":
      return widenColumn(store, step.column);
    case "allow_null":
      return widenColumn(store, { ...columnOf(store, step.column).schema, nullable: true });
    case "create_index":
      return addIndex(store, step.index);
    case "drop_index":
      return dropIndex(store, step.index);
    default:
      return step satisfies never;
  }
}
