/** What becomes of a row that is superseded or deleted, in a table with history. */
import { notUnique, type Storable, valueRefused } from "@relata/core/adapter";
import { addRow, removeRow } from "./partition.ts";
import type { StoredRow } from "./stored-row.ts";
import { columnOf, type FindTable, partitionFor, type TableStore } from "./table-store.ts";
import type { UndoLog } from "./undo-log.ts";

/** Keeps a row as it was until `endedAt`; without that, or where the table has no history, nothing. */
export type KeepVersion = (row: StoredRow, endedAt: number | undefined, endedBy: string | null | undefined) => void;

export function createKeepVersion(
  store: TableStore,
  options: { readonly tenantId: string; readonly findTable: FindTable; readonly undo: UndoLog },
): KeepVersion {
  const { history: name } = store.schema;
  if (name === undefined) return () => {};
  let opened: ReturnType<typeof open> | undefined;
  const open = () => {
    const history = options.findTable(name);
    return {
      history,
      partition: partitionFor(history, options.tenantId),
      copy: copyColumns(store, history),
      endedAtColumn: columnOf(history, "ended_at"),
      endedByColumn: columnOf(history, "ended_by"),
    };
  };

  return (row, endedAt, endedBy = null) => {
    if (endedAt === undefined) return;
    opened ??= open();
    const { history, partition, copy, endedAtColumn, endedByColumn } = opened;
    const kept = copy(row);
    const why = endedAtColumn.refusal(endedAt);
    if (why !== undefined) throw valueRefused(history.schema, "ended_at", { why });
    kept[endedAtColumn.position] = endedAt;
    kept[endedByColumn.position] = endedBy;
    if (partition.rows.has(partition.keyOf(kept))) throw notUnique(history.schema, history.schema.primaryKey);
    addRow(partition, kept);
    options.undo.record(() => removeRow(partition, kept));
  };
}

/** From rows of one table to rows of another, with the values of the columns that both have. */
function copyColumns(from: TableStore, to: TableStore): (row: StoredRow) => StoredRow {
  const blank = blankRow(to);
  const pairs = [...to.columns.values()].flatMap(({ schema, position }): [number, number][] => {
    const source = from.columns.get(schema.name);
    return source ? [[source.position, position]] : [];
  });
  return (row) => {
    const copied = blank.slice();
    for (const [source, target] of pairs) copied[target] = row[source] as Storable;
    return copied;
  };
}

export function blankRow(store: TableStore): StoredRow {
  const blank: StoredRow = new Array(store.width).fill(null);
  for (const { position, schema } of store.columns.values()) blank[position] = schema.default ?? null;
  return blank;
}
