/** A storage as facts speak to it: values in place, rows as objects, the first tenant where none is named. */
import type {
  ColumnSchema,
  LockMode,
  NameLock,
  Row,
  Savepoint,
  Storable,
  Storage,
  StorageSchema,
  StorageSession,
  StorageTransaction,
  TransactionOptions,
  WriteStep,
} from "@relata/core/adapter";
import { createShapes, type Shapes } from "../question/prepare.ts";
import type { Figures, Question, Route } from "../question/question.ts";
import { tableOf } from "../schema/define-table.ts";
import { type Refusal, refused } from "./refusal.ts";

/** Columns and their values. What is left out is null or the column's default; a text that must not be null, the id. */
export type RowValues = { readonly id: string } & Readonly<Record<string, Storable>>;
/** Table → rows, in the order in which they are inserted. */
export type Given = Readonly<Record<string, readonly RowValues[]>>;
type Change = { readonly id: string; readonly version: number } & Readonly<Record<string, Storable>>;
/** When the versions ended, and who ended them: for tables with history, where absent, at 0 and nobody. */
interface Ending {
  readonly endedAt?: number;
  readonly endedBy?: string;
}

export const firstTenant = "tenant-1";
export const secondTenant = "tenant-2";

export interface Conversation {
  find(question: Question, tenantId?: string): Promise<readonly Row[]>;
  /** The first column of each row. */
  list(question: Question, tenantId?: string): Promise<readonly Row[number][]>;
  aggregate(figures: Figures, tenantId?: string): Promise<readonly Row[]>;
  traverse(route: Route, tenantId?: string): Promise<readonly Row[]>;
  write(steps: readonly WriteStep[], tenantId?: string, locks?: readonly NameLock[]): Promise<void>;
  insert(table: string, rows: readonly RowValues[], tenantId?: string): Promise<void>;
  /** Writes the other values of each change and the next version. All changes name the same columns. */
  update(table: string, changes: readonly Change[], tenantId?: string): Promise<void>;
  delete(table: string, rows: readonly Change[], tenantId?: string): Promise<void>;
}

export interface Unit extends Conversation {
  savepoint(): Promise<Savepoint>;
  /** What a write is refused with, in a savepoint that is undone: after a refusal a unit can only be rolled back. */
  refusal(steps: readonly WriteStep[], tenantId?: string): Promise<Refusal>;
  lock(names: readonly string[], options?: { readonly tenantId?: string; readonly mode?: LockMode }): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

export interface Store extends Conversation {
  begin(options?: TransactionOptions): Promise<Unit>;
  readonly steps: StepMaker;
  /** The contract itself, for facts about its details. */
  readonly storage: Storage;
  /** Rolls back what a fact that failed has left open. */
  abandon(): Promise<void>;
}

/** Makes the steps that `insert`, `update` and `delete` send, for lists of several. */
interface StepMaker {
  insert(table: string, rows: readonly RowValues[]): WriteStep;
  update(table: string, changes: readonly Change[], ending?: Ending): WriteStep;
  delete(table: string, rows: readonly Change[], ending?: Ending): WriteStep;
}

export function createStore(storage: Storage, schema: StorageSchema): Store {
  const shapes = createShapes();
  const steps = createStepMaker(schema);
  const open = new Set<StorageTransaction>();
  return {
    ...createConversation(storage, shapes, steps),
    steps,
    storage,
    async begin(options) {
      const transaction = await storage.begin(options);
      open.add(transaction);
      return {
        ...createConversation(transaction, shapes, steps),
        savepoint: () => transaction.savepoint(),
        async refusal(list, tenantId = firstTenant) {
          const savepoint = await transaction.savepoint();
          const refusal = await refused(transaction.write(tenantId, list));
          await savepoint.rollback();
          return refusal;
        },
        lock: (names, { tenantId = firstTenant, mode } = {}) => transaction.lock(tenantId, names, mode),
        commit: () => transaction.commit().finally(() => open.delete(transaction)),
        rollback: () => transaction.rollback().finally(() => open.delete(transaction)),
      };
    },
    async abandon() {
      for (const transaction of open) await transaction.rollback();
    },
  };
}

function createConversation(session: StorageSession, shapes: Shapes, steps: StepMaker): Conversation {
  const find: Conversation["find"] = (question, tenantId = firstTenant) => {
    const { query, params } = shapes.find(question);
    return session.find(query, { tenantId, params });
  };
  return {
    find,
    list: async (question, tenantId) => (await find(question, tenantId)).map((row) => row[0] as Row[number]),
    aggregate(figures, tenantId = firstTenant) {
      const { query, params } = shapes.aggregate(figures);
      return session.aggregate(query, { tenantId, params });
    },
    traverse(route, tenantId = firstTenant) {
      const { query, params } = shapes.traverse(route);
      return session.traverse(query, { tenantId, params });
    },
    write: (list, tenantId = firstTenant, locks = []) => session.write(tenantId, list, locks),
    insert: (table, rows, tenantId = firstTenant) => session.write(tenantId, [steps.insert(table, rows)]),
    update: (table, changes, tenantId = firstTenant) => session.write(tenantId, [steps.update(table, changes)]),
    delete: (table, rows, tenantId = firstTenant) => session.write(tenantId, [steps.delete(table, rows)]),
  };
}

function createStepMaker(schema: StorageSchema): StepMaker {
  const endedAt = (table: string, ending: Ending) =>
    tableOf(schema, table).history === undefined ? {} : { endedAt: ending.endedAt ?? 0 };
  const endedBy = (ending: Ending) => (ending.endedBy === undefined ? {} : { endedBy: ending.endedBy });
  return {
    insert(name, rows) {
      const table = tableOf(schema, name);
      const columns = table.columns.filter((column) => column.name !== "tenant_id");
      const values = rows.map((row) => columns.map((column) => written(column, row)));
      return { kind: "insert", table: name, columns: columns.map((column) => column.name), rows: values };
    },
    update(table, changes, ending = {}) {
      const columns = Object.keys(changes[0] ?? {}).filter((column) => column !== "id" && column !== "version");
      return {
        kind: "update",
        table,
        columns: [...columns, "version"],
        rows: changes.map(({ id, version, ...set }) => {
          const values = [...columns.map((column) => set[column] ?? null), version + 1];
          return { id, version, ...endedAt(table, ending), values };
        }),
        ...endedBy(ending),
      };
    },
    delete: (table, rows, ending = {}) => ({
      kind: "delete",
      table,
      rows: rows.map(({ id, version }) => ({ id, version, ...endedAt(table, ending) })),
      ...endedBy(ending),
    }),
  };
}

function written(column: ColumnSchema, row: RowValues): Storable {
  const value = row[column.name];
  if (value !== undefined) return value;
  if (column.nullable) return null;
  if (column.name === "version") return 1;
  return column.default ?? row.id;
}
