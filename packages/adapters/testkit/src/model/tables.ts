/** The state of the model: plain lists of objects, copied whole at every change. Slow, and obvious. */
import type { Storable, StorageSchema } from "@relata/core/adapter";
import { tableOf } from "../schema/define-table.ts";

/** Column → value, `tenant_id` included. */
export type ModelRow = Readonly<Record<string, Storable>>;

export interface ModelTables {
  readonly schema: StorageSchema;
  readonly rows: ReadonlyMap<string, readonly ModelRow[]>;
}

export function emptyTables(schema: StorageSchema): ModelTables {
  return { schema, rows: new Map([...schema.tables.keys()].map((name) => [name, []])) };
}

/** The rows of one tenant. */
export function rowsOf(tables: ModelTables, table: string, tenantId: string): readonly ModelRow[] {
  return allRows(tables, table).filter((row) => row.tenant_id === tenantId);
}

export function allRows(tables: ModelTables, table: string): readonly ModelRow[] {
  return tables.rows.get(tableOf(tables.schema, table).name) ?? [];
}

export function withRows(tables: ModelTables, table: string, rows: readonly ModelRow[]): ModelTables {
  return { schema: tables.schema, rows: new Map([...tables.rows, [table, rows]]) };
}

export function valueIn(row: ModelRow, column: string): Storable {
  const value = row[column];
  if (value === undefined) throw new Error(`The model has no column "${column}".`);
  return value;
}
