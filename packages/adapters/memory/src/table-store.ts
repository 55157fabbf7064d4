/** One table: its rules, and its rows, apart for each tenant. */
import { CrmError, type TableSchema } from "@relata/core/adapter";
import type { SortKey } from "./compare-rows.ts";
import { comparisonOf } from "./compare-values.ts";
import type { IndexRule } from "./index-rule.ts";
import { createPartition, type Partition } from "./partition.ts";
import type { StoredColumn } from "./stored-column.ts";

/** Altered by migrations alone, see `define-table.ts`. */
export interface TableStore {
  /** Only what exists by now: columns and indexes of later steps are not in it. */
  schema: TableSchema;
  readonly columns: Map<string, StoredColumn>;
  /** How many values a row has. The places of columns that were dropped are kept, empty in new rows. */
  width: number;
  /** The first orders all rows by id; then those of the schema. */
  readonly rules: IndexRule[];
  /** In a history table: the one whose rows it keeps. */
  readonly current: TableStore | undefined;
  /** The columns of foreign keys; in a history table those of the other one, for as-of reads. */
  readonly lookedUp: number[];
  readonly partitions: Map<string, Partition>;
  /** By what the tenant's rows are told apart: the id or, in a history table, the id and the version. */
  readonly keyOf: (id: string, version: number) => string;
}

/** Whether there may be several rows of an id. */
export function isHistory({ primaryKey }: TableSchema): boolean {
  return primaryKey.includes("version");
}

/** @throws `CrmError` `schema_mismatch` when there is none of the name. */
export type FindTable = (name: string) => TableStore;

/** @throws `CrmError` `schema_mismatch` */
export function columnOf(store: TableStore, name: string): StoredColumn {
  const column = store.columns.get(name);
  if (column === undefined) throw missing(`column "${name}" of table "${store.schema.name}"`);
  return column;
}

export function sortKeyOf(store: TableStore, name: string, direction: "asc" | "desc" = "asc"): SortKey {
  const { position, schema } = columnOf(store, name);
  return { position, compare: comparisonOf(schema.kind), direction };
}

/** The tenant's rows, for writing: made when it is the tenant's first. */
export function partitionFor(store: TableStore, tenantId: string): Partition {
  const known = store.partitions.get(tenantId);
  if (known) return known;
  const partition = createPartition(tenantId, store);
  store.partitions.set(tenantId, partition);
  return partition;
}

/** Something that a query or a step names does not exist. */
export function missing(what: string): CrmError {
  return new CrmError("schema_mismatch", `There is no ${what} in this database. Run the migration, then try again.`);
}
