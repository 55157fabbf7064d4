/** Rows as they are kept: the values in column order. A row stays the same array for life, so that every index can hold it. */
import type { Storable } from "@relata/core/adapter";

/** Changed in place, by its table store alone; what leaves the adapter is a copy. */
export type StoredRow = Storable[];

/** Is shown one row after the other, and ends the walk with `false`. */
export type Visit = (row: StoredRow) => boolean;

/** Where the columns are that every table begins with. */
export const tenantPosition = 0;
export const idPosition = 1;
export const versionPosition = 2;

export function idOf(row: StoredRow): string {
  return row[idPosition] as string;
}

export function versionOf(row: StoredRow): number {
  return row[versionPosition] as number;
}
