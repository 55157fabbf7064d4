/** What becomes of a row that is superseded or deleted, in a table with history. */
import { notUnique, valueRefused } from "@relata/core/adapter";
import { addRow, type Partition, removeRow } from "./partition.ts";
import type { StoredRow } from "./stored-row.ts";
import { partitionFor } from "./table-store.ts";
import type { UndoLog } from "./undo-log.ts";
import type { WritePlan } from "./write-plan.ts";

/** Keeps a row as it was until `endedAt`; without that, or where the table has no history, nothing. */
export function keepVersion(
  {
    plan,
    partition: { tenantId },
    undo,
  }: { readonly plan: WritePlan; readonly partition: Partition; readonly undo: UndoLog },
  row: StoredRow,
  end: { readonly endedAt: number | undefined; readonly endedBy: string | null | undefined },
): void {
  if (end.endedAt === undefined) return;
  const history = plan.history();
  if (history === undefined) return;
  const { store, copy, endedAt, endedBy } = history;
  const why = endedAt.refusal(end.endedAt);
  if (why !== undefined) throw valueRefused(store.schema, "ended_at", { why });
  const kept = copy(row);
  kept[endedAt.position] = end.endedAt;
  kept[endedBy.position] = end.endedBy ?? null;
  const partition = partitionFor(store, tenantId);
  if (partition.rows.has(partition.keyOf(kept))) throw notUnique(store.schema, store.schema.primaryKey);
  addRow(partition, kept);
  undo.record(() => removeRow(partition, kept));
}
