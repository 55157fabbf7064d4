/** What is in the database and nothing declares any more: reported, and never dropped unless a migration says so. */
import { type ResolvedSchema, tablesOf } from "../entity/entity-schema.ts";
import type { LiveSchema } from "../storage/storage-adapter.ts";
import { LEDGER } from "./ledger.ts";

export interface Leftover {
  readonly kind: "table" | "column" | "index";
  readonly table: string;
  /** Of the column or index; of the table itself. */
  readonly name: string;
}

export function leftoversOf(schema: ResolvedSchema, live: LiveSchema): readonly Leftover[] {
  const declared = new Map(tablesOf(schema).map((table) => [table.name, table]));
  return [...live.tables].flatMap(([name, existing]): Leftover[] => {
    const table = declared.get(name);
    if (!table) return name === LEDGER.name ? [] : [{ kind: "table", table: name, name }];
    const columns = new Set(table.columns.map((column) => column.name));
    const indexes = new Set(table.indexes.map((index) => index.name));
    return [
      ...[...existing.columns.keys()].filter((column) => !columns.has(column)).map(leftover("column", name)),
      ...[...existing.indexes.keys()].filter((index) => !indexes.has(index)).map(leftover("index", name)),
    ];
  });
}

function leftover(kind: Leftover["kind"], table: string) {
  return (name: string): Leftover => ({ kind, table, name });
}
