/** What becomes of a row that is superseded or deleted, in a table with history. */
import { notUnique, type Storable, type TableSchema, valueRefused } from "@relata/core/adapter";
import { addRow, removeRow } from "./partition.ts";
import type { StoredRow } from "./stored-row.ts";
import { columnOf, type FindTable, partitionFor, type TableStore } from "./table-store.ts";
import type { UndoLog } from "./undo-log.ts";

/** Keeps a row as it was until `endedAt`; where the table has no history, nothing. */
export type KeepVersion = (row: StoredRow, endedAt: number | undefined, endedBy: string | null | undefined) => void;

export function createKeepVersion(
  store: TableStore,
  options: { readonly tenantId: string; readonly findTable: FindTable; readonly undo: UndoLog },
): KeepVersion {
  if (store.schema.history === undefined) return () => {};
  const history = options.findTable(store.schema.history);
  const partition = partitionFor(history, options.tenantId);
  const copy = copyColumns(store, history);
  const endedAtColumn = columnOf(history, "ended_at");
  const endedByColumn = columnOf(history, "ended_by");

  return (row, endedAt, endedBy = null) => {
    const kept = copy(row);
    const why = endedAtColumn.refusal(endedAt);
    if (why !== undefined) throw valueRefused(history.schema, "ended_at", { why });
    kept[endedAtColumn.position] = endedAt as number;
    kept[endedByColumn.position] = endedBy;
    if (partition.rows.has(partition.keyOf(kept))) throw notUnique(history.schema, history.schema.primaryKey);
    addRow(partition, kept);
    options.undo.record(() => removeRow(partition, kept));
  };
}

/** From rows of one table to rows of another, with the values of the columns that both have. */
function copyColumns(from: TableStore, to: TableStore): (row: StoredRow) => StoredRow {
  const blank = blankRow(to.schema);
  const pairs = to.schema.columns.flatMap(({ name }, position): [number, number][] => {
    const source = from.columns.get(name);
    return source ? [[source.position, position]] : [];
  });
  return (row) => {
    const copied = blank.slice();
    for (const [source, target] of pairs) copied[target] = row[source] as Storable;
    return copied;
  };
}

export function blankRow(table: TableSchema): StoredRow {
  return table.columns.map((column) => column.default ?? null);
}
