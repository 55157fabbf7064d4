/** What an ordered index of a table is made of: the same for all of its tenants. */
import type { IndexSchema } from "@relata/core/adapter";
import { type CompareRows, compareBy, type SortKey } from "./compare-rows.ts";
import type { StoredRow } from "./stored-row.ts";

export interface IndexRule {
  readonly schema: IndexSchema;
  /** Where its index stands in a partition. */
  readonly at: number;
  /** Ascending, without the tenant and with what is missing of the primary key at the end: no two rows are equal. */
  readonly keys: readonly SortKey[];
  /** For unique rules: zero where two rows have the same values. */
  readonly compareValues: CompareRows;
  /** Whether a unique rule holds for the row: all its columns have a value. */
  readonly appliesTo: (row: StoredRow) => boolean;
}

/** @param keyOf gives the ascending key of a column. */
export function createIndexRule(
  schema: IndexSchema,
  at: number,
  { primaryKey, keyOf }: { readonly primaryKey: readonly string[]; readonly keyOf: (column: string) => SortKey },
): IndexRule {
  const names = schema.columns.filter((column) => column !== "tenant_id");
  const columns = names.map(keyOf);
  const distinguishing = primaryKey.filter((column) => column !== "tenant_id" && !names.includes(column));
  return {
    schema,
    at,
    keys: [...columns, ...distinguishing.map(keyOf)],
    compareValues: compareBy(columns),
    appliesTo: (row) => schema.unique && columns.every((key) => row[key.position] !== null),
  };
}
