/** Which rows have said what already: for millions of rows, without their texts. Pure. */
import { digestMap, digestOf } from "../digest-map.ts";
import type { RowValues } from "./read-row.ts";

export interface SeenRow {
  readonly row: number;
  /** Long texts by their digests. */
  readonly values: RowValues;
  /** As it was noted. */
  readonly isForth: boolean;
}

export interface RowIndex {
  find(saying: string): SeenRow | undefined;
  note(saying: string, row: number, about?: { readonly values?: RowValues; readonly isForth?: boolean }): void;
}

export function rowIndex(): RowIndex {
  const rows = digestMap();
  const valued = new Map<number, RowValues>();
  const share = sharedValues();
  return {
    find(saying) {
      const found = rows.get(saying);
      if (found === undefined) return undefined;
      const row = Math.floor(found / 2);
      return { row, values: valued.get(row) ?? {}, isForth: found % 2 === 1 };
    },
    note(saying, row, { values = {}, isForth = true } = {}) {
      rows.set(saying, row * 2 + Number(isForth));
      const compact = compactValues(values);
      if (Object.keys(compact).length > 0) valued.set(row, share(compact));
    },
  };
}

/** As they are compared with those of another row. */
export function compactValues(values: RowValues): RowValues {
  const entries = Object.entries(values).map(([field, value]) => [
    field,
    typeof value === "string" && value.length > 64 ? digestOf(value) : value,
  ]);
  return Object.fromEntries(entries);
}

/** Gives one object for all that are equal. */
export function sharedValues(): <T>(value: T) => T {
  const known = new Map<string, unknown>();
  return <T>(value: T): T => {
    if (value === undefined) return value;
    const key = JSON.stringify(value);
    if (!known.has(key)) known.set(key, value);
    return known.get(key) as T;
  };
}
