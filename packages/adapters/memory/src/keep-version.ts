/** What becomes of a row that is superseded or deleted, in a table with history. */
import { notUnique, valueRefused } from "@relata/core/adapter";
import { copyColumns } from "./copy-columns.ts";
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
