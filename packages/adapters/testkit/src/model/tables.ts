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

/** The tables as they were at an instant: of each row the version that had begun and had not ended. */
export function tablesAt(tables: ModelTables, instant: number | undefined): ModelTables {
  if (instant === undefined) return tables;
  const begun = (row: ModelRow) => Number(row.updated_at) <= instant;
  const versions = [...tables.schema.tables.values()].map(
    ({ name, history }): readonly [string, readonly ModelRow[]] => {
      if (history === undefined) return [name, []];
      const ended = allRows(tables, history).filter((row) => begun(row) && Number(row.ended_at) > instant);
      return [name, [...allRows(tables, name).filter(begun), ...ended]];
    },
  );
  return { schema: tables.schema, rows: new Map(versions) };
}

export function valueIn(row: ModelRow, column: string): Storable {
  const value = row[column];
  if (value === undefined) throw new Error(`The model has no column "${column}".`);
  return value;
}
