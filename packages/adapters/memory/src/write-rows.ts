/** Applies the steps of a write: all of them, or none. */
import {
  type Guard,
  type GuardedValues,
  guardFailed,
  notUnique,
  type Storable,
  type TableSchema,
  valueRefused,
  type WriteStep,
} from "@relata/core/adapter";
import type { FindTable } from "./evaluate-predicate.ts";
import { addRow, changeRow, findConflict, type Partition, removeRow } from "./partition.ts";
import { createReferenceCheck, type ReferenceCheck } from "./reference-check.ts";
import { idOf, type StoredRow, tenantPosition, versionPosition } from "./stored-row.ts";
import { columnOf, partitionFor, type TableStore } from "./table-store.ts";
import { allOrNothing, type UndoLog } from "./undo-log.ts";

export interface WriteOptions {
  readonly tenantId: string;
  readonly steps: readonly WriteStep[];
  readonly findTable: FindTable;
  /** Every table: rows of any may refer to one that is deleted. */
  readonly tables: ReadonlyMap<string, TableStore>;
  readonly undo: UndoLog;
}

export function writeRows(options: WriteOptions): void {
  allOrNothing(options.undo, () => {
    const references = createReferenceCheck(options);
    for (const step of options.steps) {
      const store = options.findTable(step.table);
      const target: Target = {
        store,
        partition: partitionFor(store, options.tenantId),
        references,
        undo: options.undo,
      };
      switch (step.kind) {
        case "insert":
          insertRows(target, step.columns, step.rows);
          break;
        case "update":
          updateRows(target, step.columns, step.rows);
          break;
        case "delete":
          deleteRows(target, step.rows);
          break;
        default:
          step satisfies never;
      }
    }
    references.check();
  });
}

/** What a step works on. */
interface Target {
  readonly store: TableStore;
  readonly partition: Partition;
  readonly references: ReferenceCheck;
  readonly undo: UndoLog;
}

function insertRows(target: Target, columns: readonly string[], rows: readonly (readonly Storable[])[]): void {
  const { store, partition, references, undo } = target;
  if (rows.length > 0) refuseOmitted(store.schema, columns);
  const assign = createAssign(store, columns);
  const blank: StoredRow = new Array(store.width).fill(null);
  for (const { position, schema } of store.columns.values()) blank[position] = schema.default ?? null;
  blank[tenantPosition] = partition.tenantId;

  for (const values of rows) {
    const row = blank.slice();
    assign(row, values);
    if (partition.rows.has(idOf(row))) throw notUnique(store.schema, ["tenant_id", "id"]);
    refuseConflict(target, row);
    references.written(store, row);
    addRow(partition, row);
    undo.record(() => removeRow(partition, row));
  }
}

function updateRows(target: Target, columns: readonly string[], rows: readonly GuardedValues[]): void {
  const { store, partition, references, undo } = target;
  const guarded = guardedRows(target, rows);
  const assign = createAssign(store, columns);

  for (const [at, row] of guarded.entries()) {
    const before = row.slice();
    const after = row.slice();
    assign(after, rows[at]?.values ?? []);
    refuseConflict(target, after, row);
    references.written(store, after, before);
    changeRow(partition, row, after);
    undo.record(() => changeRow(partition, row, before));
  }
}

function deleteRows(target: Target, rows: readonly Guard[]): void {
  const { store, partition, references, undo } = target;
  for (const row of guardedRows(target, rows)) {
    removeRow(partition, row);
    references.deleted(store, row);
    undo.record(() => addRow(partition, row));
  }
}

/** The rows that the guards name, in their order. A guard that names a row again fails. */
function guardedRows({ store, partition }: Target, guards: readonly Guard[]): StoredRow[] {
  const rows = new Set<StoredRow>();
  const failed: string[] = [];
  for (const { id, version } of guards) {
    const row = partition.rows.get(id);
    if (row?.[versionPosition] === version && !rows.has(row)) rows.add(row);
    else failed.push(id);
  }
  if (failed.length > 0) throw guardFailed(store.schema, failed);
  return [...rows];
}

/** Puts the values of a step's columns into a row. */
function createAssign(
  store: TableStore,
  names: readonly string[],
): (row: StoredRow, values: readonly Storable[]) => void {
  const columns = names.map((name) => columnOf(store, name));
  return (row, values) => {
    for (let at = 0; at < columns.length; at++) {
      const column = columns[at] as (typeof columns)[number];
      const value = values[at] as Storable;
      const why = column.refusal(value);
      if (why !== undefined) throw valueRefused(store.schema, column.schema.name, { why });
      row[column.position] = column.shared(value);
    }
  };
}

function refuseOmitted(table: TableSchema, columns: readonly string[]): void {
  const omitted = table.columns.find(
    ({ name, nullable, default: preset }) =>
      !nullable && preset === undefined && name !== "tenant_id" && !columns.includes(name),
  );
  if (omitted !== undefined) throw valueRefused(table, omitted.name, { why: "must not be null" });
}

function refuseConflict({ store, partition }: Target, row: StoredRow, self?: StoredRow): void {
  const broken = findConflict(partition, row, self);
  if (broken !== undefined) throw notUnique(store.schema, broken.schema.columns);
}
