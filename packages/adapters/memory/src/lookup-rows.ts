/** The rows of a table that have a given value in a column: through an index where there is one. */
import type { Storable } from "@relata/core/adapter";
import { createPlaceOf } from "./lead-index.ts";
import { orderedIndex, type Partition } from "./partition.ts";
import { idPosition, type Visit } from "./stored-row.ts";
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
  const lookup = store.lookedUp.indexOf(position);
  if (lookup >= 0) return (partition, value, visit) => partition.lookups[lookup]?.index.visit(value, visit);

  const ordered = store.rules.findIndex((rule) => rule.keys[0]?.position === position);
  const placeOf = createPlaceOf(sortKeyOf(store, column));
  return (partition, value, visit) => {
    if (value === null) return;
    if (ordered >= 0) orderedIndex(partition, ordered).ascend(placeOf(value), visit);
    else for (const row of partition.rows.values()) if (row[position] === value && !visit(row)) return;
  };
}
