/** Every table and column that a statement of this CRM may name: those that are declared, and those that migrations pass through. */
import { type ResolvedSchema, tablesOf } from "../entity/entity-schema.ts";
import { historyName, snake } from "../entity/storage-names.ts";
import type { ColumnSchema, StorageSchema, TableSchema } from "../storage/storage-schema.ts";
import { changedFields, columnsOf, nameBefore } from "./changed-fields.ts";
import { LEDGER, type Shipped } from "./ledger.ts";

export function storageTables(schema: ResolvedSchema, shipped: readonly Shipped[]): StorageSchema {
  const tables = new Map([...tablesOf(schema), LEDGER].map((table) => [table.name, table]));
  for (const each of shipped) {
    for (const [entity, fields] of Object.entries(each.migration.change ?? {})) {
      const columns = Object.entries(fields).flatMap(([field, conversion]) => {
        const { before, after } = changedFields({ schema, shipped: each }, { entity, field, conversion });
        return [...columnsOf(before).map((column) => ({ ...column, name: nameBefore(column) })), ...columnsOf(after)];
      });
      for (const name of [snake(entity), historyName(entity)]) {
        const table = tables.get(name) ?? passedThrough(name, entity);
        tables.set(name, { ...table, columns: union(table.columns, columns) });
      }
    }
  }
  return { tables };
}

/** A table as far as a migration needs to know it: under another name, or not at all, in what is declared. */
function passedThrough(name: string, entity: string): TableSchema {
  const { primaryKey } = LEDGER;
  return { name, entity, primaryKey, columns: LEDGER.columns.slice(0, 3), indexes: [], foreignKeys: [] };
}

function union(columns: readonly ColumnSchema[], more: readonly ColumnSchema[]): readonly ColumnSchema[] {
  const names = new Set(columns.map(({ name }) => name));
  const passing = more.filter(({ name }) => !names.has(name));
  return [...columns, ...passing.map((column) => ({ ...column, passing: true as const }))];
}
