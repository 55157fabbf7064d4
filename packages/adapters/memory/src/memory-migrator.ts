/** Migrations of a database in memory: it starts empty, so that every table in it was made by them. */
import {
  type ColumnSchema,
  CrmError,
  type LiveColumn,
  type LiveSchema,
  type MigrationStep,
} from "@relata/core/adapter";
import type { Database } from "./database.ts";
import { addColumn, addIndex, createTable, dropIndex, redefineColumn } from "./define-table.ts";
import { dropColumn, dropTable, renameColumn, renameTable } from "./rename-table.ts";
import { columnOf, missing, type TableStore } from "./table-store.ts";
import { allOrNothing, createUndoLog, type UndoLog } from "./undo-log.ts";

/** Applies what `plan` answers to what exists: all of it, or nothing. */
export function migrate(
  database: Database,
  plan: (live: LiveSchema) => readonly MigrationStep[],
): readonly MigrationStep[] {
  const undo = createUndoLog();
  return allOrNothing(undo, () => {
    const steps = plan(liveSchemaOf(database));
    for (const step of steps) applyStep(database, step, undo);
    return steps;
  });
}

export function liveSchemaOf(database: Database): LiveSchema {
  const tables = [...database.tables.values()].map(({ schema }) => {
    const columns = schema.columns.map((column) => [column.name, liveColumnOf(column)] as const);
    const indexes = schema.indexes.map((index) => [index.name, index] as const);
    const { foreignKeys } = schema;
    return [schema.name, { columns: new Map(columns), indexes: new Map(indexes), foreignKeys }] as const;
  });
  return { tables: new Map(tables) };
}

function liveColumnOf({ kind, meaning, nullable, default: value, values }: ColumnSchema): LiveColumn {
  return { type: kind, meaning, nullable, hasDefault: value !== undefined, ...(values ? { values } : {}) };
}

/** What was compiled for the tables as they were is forgotten, also when the step is taken back. @throws `CrmError`; nothing of it was done. */
export function applyStep(database: Database, step: MigrationStep, undo: UndoLog): void {
  const { tables } = database;
  const { name } = step.table;
  if (step.kind === "create_table") {
    if (tables.has(name)) throw new CrmError("schema_mismatch", `There is already a table "${name}" in this database.`);
    const current = [...tables.values()].find(({ schema }) => schema.history === name);
    tables.set(name, createTable(step.table, current));
    database.forgetCompiled();
    undo.record(() => {
      tables.delete(name);
      database.forgetCompiled();
    });
    return;
  }
  const store = tables.get(name);
  if (store === undefined) throw missing(`table "${name}"`);
  if (step.kind === "insert_row") {
    const [tenantId, ...values] = step.values;
    const columns = step.table.columns.slice(1).map((column) => column.name);
    database.write(String(tenantId), [{ kind: "insert", table: name, columns, rows: [values] }], undo);
    return;
  }
  const takeBack = alter(database, store, step);
  database.forgetCompiled();
  undo.record(() => {
    takeBack();
    database.forgetCompiled();
  });
}

type Alteration = Exclude<MigrationStep, { readonly kind: "create_table" | "insert_row" }>;

function alter({ tables }: Database, store: TableStore, step: Alteration): () => void {
  switch (step.kind) {
    case "add_column":
      return addColumn(store, step.table, step.column);
    case "widen_column":
      return redefineColumn(store, step.column.name, ({ values: _, ...before }) => ({
        ...before,
        nullable: step.column.nullable,
        ...(step.column.values ? { values: step.column.values } : {}),
      }));
    case "allow_null":
      return redefineColumn(store, step.column, (before) => ({ ...before, nullable: true }));
    case "forbid_null":
      refuseNull(store, step.column);
      return redefineColumn(store, step.column, (before) => ({ ...before, nullable: false }));
    case "set_meaning":
      return redefineColumn(store, step.column, (before) => ({ ...before, meaning: step.meaning }));
    case "create_index":
      return addIndex(store, step.index);
    case "drop_index":
      return dropIndex(store, step.index);
    case "rename_table":
      return renameTable(tables, store, step.to);
    case "drop_table":
      return dropTable(tables, store);
    case "rename_column":
      return renameColumn(store, step.column, step.to);
    case "drop_column":
      return dropColumn(store, step.column);
    // There is no row-level security in memory: it asks for none of these.
    case "create_policies":
    case "drop_policies":
      return () => {};
    default:
      return step satisfies never;
  }
}

function refuseNull(store: TableStore, column: string): void {
  const { position } = columnOf(store, column);
  for (const partition of store.partitions.values()) {
    for (const [id, row] of partition.rows) {
      if (row[position] !== null) continue;
      const { entity } = store.schema;
      throw new CrmError("value_refused", `${entity} "${id}" has no value in the column ${column}.`, {
        details: { entity, field: column },
      });
    }
  }
}
