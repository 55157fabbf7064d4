/** Makes planned reads concrete: which rows their trees and walks begin at. */
import { type ModelTables, rowsOf } from "../model/tables.ts";

/** In a tree condition "row 17" stands for the id of a row of its table that exists, if there is one. */
export function concreteRoots<T>(question: T, tenantId: string, tables: ModelTables): T {
  if (typeof question !== "object" || question === null) return question;
  if (Array.isArray(question)) return question.map((part: unknown) => concreteRoots(part, tenantId, tables)) as T;
  const parts = Object.entries(question).map(([name, part]) => [name, concreteRoots<unknown>(part, tenantId, tables)]);
  const concrete = Object.fromEntries(parts) as T & { kind?: unknown; root?: unknown; table?: unknown };
  if (concrete.kind !== "tree") return concrete;
  return { ...concrete, root: idOfRow(String(concrete.root), String(concrete.table), { tenantId, tables }) };
}

/** The id of the row that "row 17" chooses; one that no row has where the table is empty. */
export function idOfRow(
  chosen: string,
  table: string,
  { tenantId, tables }: { readonly tenantId: string; readonly tables: ModelTables },
): string {
  const rows = rowsOf(tables, table, tenantId);
  const row = rows[Number(chosen.slice(4)) % Math.max(1, rows.length)];
  return row ? String(row.id) : NOBODY;
}

/** An id of either kind, text or uuid. */
const NOBODY = "ffffffff-ffff-4fff-8fff-ffffffffffff";
