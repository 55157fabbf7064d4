/** The rows of a table that count for a query: where they are, and which of them. */
import type { Partition } from "./partition.ts";
import type { Run } from "./run.ts";
import type { StoredRow } from "./stored-row.ts";
import type { TableStore } from "./table-store.ts";

export interface CountedRows {
  readonly store: TableStore;
  readonly partitions: ReadonlyMap<string, Partition>;
  /** Absent where all rows count. */
  readonly counts: ((row: StoredRow, run: Run) => boolean) | undefined;
}
