/** The rows of a table that have a given value in a column: through an index where there is one. */
import type { Storable } from "@relata/core/adapter";
import { compareBy } from "./compare-rows.ts";
import type { Partition } from "./partition.ts";
import { idPosition, type StoredRow, type Visit } from "./stored-row.ts";
import { columnOf, isHistory, sortKeyOf, type TableStore } from "./table-store.ts";

/** No row has the value null. */
export type LookupRows = (partition: Partition, value: Storable, visit: Visit) => void;

export function createLookup(store: TableStore, column: string): LookupRows {
  const { position } = columnOf(store, column);
  if (position === idPosition && !isHistory(store.schema)) {
    return (partition, value, visit) => {
      const row = partition.rows.get(value as string);
      if (row !== undefined) visit(row);
    };
  }
  const hashed = store.hashedPositions.indexOf(position);
  if (hashed >= 0) return (partition, value, visit) => partition.hashed[hashed]?.index.visit(value, visit);

  const ordered = store.rules.findIndex((rule) => rule.keys[0]?.position === position);
  const compare = compareBy([sortKeyOf(store, column)]);
  return (partition, value, visit) => {
    if (value === null) return;
    const wanted: StoredRow = [];
    wanted[position] = value;
    const has = (row: StoredRow) => row[position] === value;
    const index = partition.ordered[ordered]?.index;
    if (index)
      index.ascend(
        (row) => compare(row, wanted) < 0,
        (row) => has(row) && visit(row),
      );
    else for (const row of partition.rows.values()) if (has(row) && !visit(row)) return;
  };
}
