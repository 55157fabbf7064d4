/** Applies the steps of a write: all of them, or none. */
import {
  findForbidden,
  type Guard,
  guardFailed,
  notUnique,
  rebasedValue,
  type Storable,
  type WriteStep,
} from "@relata/core/adapter";
import { keepVersion } from "./keep-version.ts";
import { createLookup } from "./lookup-rows.ts";
import { addRow, changeRow, findConflict, type Partition, removeRow } from "./partition.ts";
import { createReferenceCheck, type ReferenceCheck } from "./reference-check.ts";
import { createRun } from "./run.ts";
import { type StoredRow, tenantPosition, versionPosition } from "./stored-row.ts";
import { columnOf, type FindTable, partitionFor, type TableStore } from "./table-store.ts";
import { allOrNothing, type UndoLog } from "./undo-log.ts";
import { createAssign, type PlanOf, type WritePlan } from "./write-plan.ts";

export interface WriteOptions {
  readonly tenantId: string;
  readonly steps: readonly WriteStep[];
  readonly findTable: FindTable;
  readonly planOf: PlanOf;
  /** Every table: rows of any may refer to one that is deleted. */
  readonly tables: ReadonlyMap<string, TableStore>;
  readonly undo: UndoLog;
}

export function writeRows(options: WriteOptions): void {
  allOrNothing(options.undo, () => {
    const references = createReferenceCheck(options);
    for (const step of options.steps) {
      const store = options.findTable(step.table);
      const plan = options.planOf(store);
      const target: Target = {
        store,
        plan,
        partition: partitionFor(store, options.tenantId),
        references,
        undo: options.undo,
      };
      switch (step.kind) {
        case "insert":
          insertRows(target, step.columns, step.rows);
          break;
        case "update":
          updateRows(target, step);
          break;
        case "delete":
          deleteRows(target, step);
          break;
        case "rebase":
          rebaseRows(target, step);
          break;
        case "erase":
          eraseRows(target, step.ids, options);
          break;
        case "forbid":
          refuseForbidden(plan, step, options.tenantId);
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
  readonly plan: WritePlan;
  readonly partition: Partition;
  readonly references: ReferenceCheck;
  readonly undo: UndoLog;
}

type StepOf<Kind extends WriteStep["kind"]> = Extract<WriteStep, { readonly kind: Kind }>;

function insertRows(target: Target, columns: readonly string[], rows: readonly (readonly Storable[])[]): void {
  if (rows.length === 0) return;
  const { store, plan, partition, references, undo } = target;
  const assign = plan.insertOf(columns);

  for (const values of rows) {
    const row = plan.blank.slice();
    row[tenantPosition] = partition.tenantId;
    assign(row, values);
    if (partition.rows.has(partition.keyOf(row))) throw notUnique(store.schema, store.schema.primaryKey);
    refuseConflict(target, row);
    references.written(plan, row);
    addRow(partition, row);
    undo.record(() => removeRow(partition, row));
  }
}

function updateRows(target: Target, { columns, rows, endedBy }: StepOf<"update">): void {
  const { store, plan, partition, references, undo } = target;
  const guarded = guardedRows(target, rows);
  const assign = createAssign(store, columns);

  for (const [at, row] of guarded.entries()) {
    const before = row.slice();
    const after = row.slice();
    assign(after, rows[at]?.values ?? []);
    refuseConflict(target, after, row);
    references.written(plan, after, before);
    keepVersion(target, before, { endedAt: rows[at]?.endedAt, endedBy });
    changeRow(partition, row, after);
    undo.record(() => changeRow(partition, row, before));
  }
}

function deleteRows(target: Target, { rows, endedBy }: StepOf<"delete">): void {
  for (const [at, row] of guardedRows(target, rows).entries()) {
    keepVersion(target, row, { endedAt: rows[at]?.endedAt, endedBy });
    deleteRow(target, row);
  }
}

function deleteRow({ store, partition, references, undo }: Omit<Target, "plan">, row: StoredRow): void {
  removeRow(partition, row);
  references.deleted(store, row);
  undo.record(() => addRow(partition, row));
}

function rebaseRows({ store, plan, partition, undo }: Target, step: StepOf<"rebase">): void {
  const { position } = columnOf(store, step.column);
  for (const [key] of plan.rebasedOf(step.column)(createRun({ tenantId: partition.tenantId, params: [step.from] }))) {
    const row = partition.rows.get(store.keyOf(key as string, 1));
    const value = row && rebasedValue(row[position] as Storable, step);
    if (!row || value === null || value === undefined) continue;
    const [before, after] = [row.slice(), row.slice()];
    after[position] = value;
    changeRow(partition, row, after);
    undo.record(() => changeRow(partition, row, before));
  }
}

/** The rows of these ids, and what history has of them. */
function eraseRows(target: Target, ids: readonly string[], { tenantId, findTable }: WriteOptions): void {
  const { store, references, undo } = target;
  const history = store.schema.history === undefined ? [] : [findTable(store.schema.history)];
  for (const each of [store, ...history]) {
    const partition = partitionFor(each, tenantId);
    const lookup = createLookup(each, "id");
    const rows: StoredRow[] = [];
    for (const id of new Set(ids)) lookup(partition, id, (row) => rows.push(row) > 0);
    for (const row of rows) deleteRow({ store: each, partition, references, undo }, row);
  }
}

function refuseForbidden(plan: WritePlan, step: StepOf<"forbid">, tenantId: string): void {
  const { params } = findForbidden(step);
  const rows = plan.forbiddenOf(step)(createRun({ tenantId, params }));
  if (rows.length === 0) return;
  throw guardFailed(
    plan.store.schema,
    rows.map(([id]) => id as string),
    step.reason,
  );
}

/** The rows that the guards name, in their order. A guard that names a row again fails. */
function guardedRows({ store, partition }: Target, guards: readonly Guard[]): StoredRow[] {
  const rows = new Set<StoredRow>();
  const failed: string[] = [];
  for (const { id, version } of guards) {
    const row = partition.rows.get(store.keyOf(id, version));
    if (row?.[versionPosition] === version && !rows.has(row)) rows.add(row);
    else failed.push(id);
  }
  if (failed.length > 0) throw guardFailed(store.schema, failed);
  return [...rows];
}

function refuseConflict({ store, partition }: Target, row: StoredRow, self?: StoredRow): void {
  const broken = findConflict(partition, row, self);
  if (broken !== undefined) throw notUnique(store.schema, broken.schema.columns);
}
