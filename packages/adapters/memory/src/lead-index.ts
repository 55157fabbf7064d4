/** Rows by the value of one column, found through an ordered index that begins with it. */
import type { Storable } from "@relata/core/adapter";
import { compareBy, type SortKey } from "./compare-rows.ts";
import type { OrderedIndex, PlaceOfRow } from "./ordered-index.ts";
import type { StoredRow, Visit } from "./stored-row.ts";

/** Rows with null in the column are not in it. */
export interface LookupIndex {
  add(row: StoredRow): void;
  /** The row must still have the value with which it was added. */
  remove(row: StoredRow): void;
  /** About how many rows have the value; none only where there is none. */
  count(value: Storable): number;
  /** In no particular order. */
  visit(value: Storable, visit: Visit): void;
}

/** There is nothing to be added or removed: the ordered index is kept by itself. */
export function createLeadIndex(index: () => OrderedIndex, key: SortKey): LookupIndex {
  const placeOf = createPlaceOf(key);
  return {
    add: () => {},
    remove: () => {},
    count: (value) => (value === null ? 0 : index().estimate(placeOf(value))),
    visit(value, visit) {
      if (value !== null) index().ascend(placeOf(value), visit);
    },
  };
}

/** The rows that have the value in the key's column, as a part of an index that begins with it. */
export function createPlaceOf(key: SortKey): (value: Storable) => PlaceOfRow {
  const compare = compareBy([key]);
  return (value) => {
    const wanted: StoredRow = [];
    wanted[key.position] = value;
    return (row) => compare(row, wanted);
  };
}
