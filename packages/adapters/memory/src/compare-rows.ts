/** The order of rows by some of their columns. */
import type { CompareValues } from "./compare-values.ts";
import type { StoredRow } from "./stored-row.ts";

export interface SortKey {
  readonly position: number;
  readonly compare: CompareValues;
  readonly direction: "asc" | "desc";
}

export type CompareRows = (left: StoredRow, right: StoredRow) => number;

/** Compares key by key. Nulls come last ascending and first descending, so that descending is the exact reverse. */
export function compareBy(keys: readonly SortKey[]): CompareRows {
  return (left, right) => {
    for (let at = 0; at < keys.length; at++) {
      const key = keys[at] as SortKey;
      const a = left[key.position];
      const b = right[key.position];
      if (a === b || a === undefined || b === undefined) continue;
      const order = a === null ? 1 : b === null ? -1 : key.compare(a, b);
      if (order !== 0) return key.direction === "asc" ? order : -order;
    }
    return 0;
  };
}
