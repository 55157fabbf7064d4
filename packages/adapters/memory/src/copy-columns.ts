/** Rows of one table as rows of another. Columns that were added or dropped since may stand at other places there. */
import type { StoredRow } from "./stored-row.ts";
import type { TableStore } from "./table-store.ts";

/** New rows, with the values of the columns that both tables have. */
export function copyColumns(from: TableStore, to: TableStore): (row: StoredRow) => StoredRow {
  const blank = blankRow(to);
  const places = commonPlaces(from, to);
  return (row) => {
    const copied = blank.slice();
    for (const [source, target] of places) copied[target] = row[source] ?? null;
    return copied;
  };
}

/** The same, where the places differ; else the row itself. */
export function inColumnsOf(from: TableStore, to: TableStore): (row: StoredRow) => StoredRow {
  return commonPlaces(from, to).every(([source, target]) => source === target) ? (row) => row : copyColumns(from, to);
}

export function blankRow(store: TableStore): StoredRow {
  const blank: StoredRow = new Array(store.width).fill(null);
  for (const { position, schema } of store.columns.values()) blank[position] = schema.default ?? null;
  return blank;
}

function commonPlaces(from: TableStore, to: TableStore): readonly (readonly [number, number])[] {
  return [...to.columns].flatMap(([name, { position }]) => {
    const source = from.columns.get(name);
    return source ? [[source.position, position] as const] : [];
  });
}
