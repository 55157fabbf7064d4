/** A helper for adapters without a query language: shows each call of a storage as a statement. */
import { stopwatchMs } from "../runtime.ts";
import { describeAggregate, describeFind, describeSteps, describeTraverse } from "./describe-query.ts";
import { migrateAtOnce } from "./migrate-at-once.ts";
import type { ShownStatement, ShowStatement } from "./shown-statement.ts";
import type { SchemaTransaction, Storage, StorageSession, StorageTransaction } from "./storage-adapter.ts";

type Shown = Pick<ShownStatement, "kind" | "tenantId"> & {
  readonly text: () => string;
  readonly rows?: number;
};

/** The same storage; without `onQuery` the very same, at no cost. */
export function showStatements<Native>(storage: Storage<Native>, onQuery: ShowStatement | undefined): Storage<Native> {
  if (!onQuery) return storage;

  const show = async <T>({ kind, text, tenantId, rows = 0 }: Shown, work: () => Promise<T>): Promise<T> => {
    const start = stopwatchMs();
    const tell = (failed: boolean, count: number) =>
      onQuery({ kind, text: text(), timeMs: stopwatchMs() - start, rows: failed ? 0 : count, tenantId, failed });
    try {
      const result = await work();
      tell(false, Array.isArray(result) ? result.length : rows);
      return result;
    } catch (error) {
      tell(true, 0);
      throw error;
    }
  };
  const plain = <T>(kind: ShownStatement["kind"], work: () => Promise<T>) =>
    show({ kind, text: () => kind, tenantId: undefined }, work);

  const session = (inner: StorageSession): StorageSession => ({
    find: (query, bindings) =>
      show({ kind: "find", text: () => describeFind(query), tenantId: bindings.tenantId }, () =>
        inner.find(query, bindings),
      ),
    aggregate: (query, bindings) =>
      show({ kind: "aggregate", text: () => describeAggregate(query), tenantId: bindings.tenantId }, () =>
        inner.aggregate(query, bindings),
      ),
    traverse: (query, bindings) =>
      show({ kind: "traverse", text: () => describeTraverse(query), tenantId: bindings.tenantId }, () =>
        inner.traverse(query, bindings),
      ),
    write(tenantId, steps) {
      const rows = steps.reduce((total, step) => total + ("rows" in step ? step.rows.length : 0), 0);
      return show({ kind: "write", text: () => describeSteps(steps), tenantId, rows }, () =>
        inner.write(tenantId, steps),
      );
    },
    execute: (tenantId, statement) =>
      show({ kind: "native", text: () => statement.text, tenantId }, () => inner.execute(tenantId, statement)),
  });
  const transaction = (inner: StorageTransaction): StorageTransaction => ({
    ...inner,
    ...session(inner),
    async savepoint() {
      const savepoint = await plain("savepoint", () => inner.savepoint());
      return {
        release: () => plain("release", () => savepoint.release()),
        rollback: () => plain("rollback", () => savepoint.rollback()),
      };
    },
    lock: (tenantId, names, mode = "exclusive") =>
      show({ kind: "lock", text: () => `lock ${mode}`, tenantId }, () => inner.lock(tenantId, names, mode)),
    commit: () => plain("commit", () => inner.commit()),
    rollback: () => plain("rollback", () => inner.rollback()),
  });
  const beginMigration = async (): Promise<SchemaTransaction> => {
    const inner = await plain("begin", () => storage.migrator.begin());
    return {
      ...inner,
      ...transaction(inner),
      apply: (step) =>
        show({ kind: "migrate", text: () => `${step.kind} ${step.table.name}`, tenantId: undefined }, () =>
          inner.apply(step),
        ),
    };
  };
  return {
    ...storage,
    ...session(storage),
    tenants: (table) =>
      show({ kind: "find", text: () => `tenants of ${table}`, tenantId: undefined }, () => storage.tenants(table)),
    begin: async (options) => transaction(await plain("begin", () => storage.begin(options))),
    join: (handle) => transaction(storage.join(handle)),
    migrator: {
      ...storage.migrator,
      begin: beginMigration,
      migrate: migrateAtOnce(beginMigration),
    },
  };
}
