/** `memory()`: the storage contract over a database in memory. */
import {
  CrmError,
  compareText,
  createHints,
  createTurnQueue,
  type EndTurn,
  migrateAtOnce,
  nativeUnavailable,
  type SchemaTransaction,
  type Storage,
  type StorageAdapter,
  type StorageOptions,
  type StorageTransaction,
  showStatements,
  usingUnavailable,
} from "@relata/core/adapter";
import { createDatabase, type Database } from "./database.ts";
import { applyStep, liveSchemaOf } from "./memory-migrator.ts";
import { allOrNothing, createUndoLog } from "./undo-log.ts";

/**
 * Storage in memory. Each time it is opened, a new and empty database is made; nothing is kept when it is closed.
 *
 * @example
 * ```ts
 * import { createCrm } from "@relata/core";
 * import { memory } from "@relata/memory";
 *
 * const crm = await createCrm({ storage: memory() });
 * ```
 */
export function memory(): StorageAdapter {
  return {
    name: "memory",
    async open(options) {
      return showStatements(createStorage(options), options.onQuery);
    },
  };
}

function createStorage(options: StorageOptions): Storage {
  const database = createDatabase();
  const queue = createTurnQueue(options);
  let closing: Promise<void> | undefined;

  const turn = () => {
    if (closing) throw closed();
    return queue.turn();
  };
  /** Works at once when no transaction is open, and in its turn otherwise: it may not see what is not committed. */
  const alone = async <T>(work: () => T): Promise<T> => {
    if (!queue.busy && !closing) return work();
    const endTurn = await turn();
    try {
      return work();
    } finally {
      endTurn();
    }
  };

  const beginMigration = async () => createMigration(database, await turn());

  return {
    capabilities: { native: false, rowLevelSecurity: false, join: false, unitsInTurn: true, appReferences: false },
    native: refuseNative,
    execute: async () => refuseNative(),
    join() {
      throw usingUnavailable("records in memory have no transactions of the application's own. Use crm.transaction.");
    },
    find: (query, bindings) => alone(() => database.find(query, bindings)),
    aggregate: (query, bindings) => alone(() => database.aggregate(query, bindings)),
    tenants: (table) => alone(() => database.tenants(table)),
    now: () => Date.now(),
    settledAt: async () => undefined,
    ...createHints(),
    traverse: (query, bindings) => alone(() => database.traverse(query, bindings)),
    write: (tenantId, steps) => alone(() => database.write(tenantId, steps, createUndoLog())),
    async begin() {
      return createTransaction(database, await turn());
    },
    migrator: {
      columnType: (column) => column.kind,
      ahead: async () => [],
      begin: beginMigration,
      migrate: migrateAtOnce(beginMigration),
    },
    close() {
      closing ??= queue.turnAtLast().then((endTurn) => endTurn());
      return closing;
    },
  };
}

function createMigration(database: Database, endTurn: EndTurn): SchemaTransaction {
  const undo = createUndoLog();
  const { inside, ...transaction } = createTransaction(database, endTurn, undo);
  return {
    ...transaction,
    liveSchema: () => inside(() => liveSchemaOf(database)),
    tenants: (name) =>
      inside(() => {
        const partitions = [...(database.tables.get(name)?.partitions.values() ?? [])];
        return partitions
          .filter(({ rows }) => rows.size > 0)
          .map(({ tenantId }) => tenantId)
          .sort(compareText);
      }),
    apply: (step) =>
      inside(() => {
        allOrNothing(undo, () => applyStep(database, step, undo));
        return [];
      }),
  };
}

interface MemoryTransaction extends StorageTransaction {
  inside<T>(work: () => T): Promise<T>;
}

function createTransaction(database: Database, endTurn: EndTurn, undo = createUndoLog()): MemoryTransaction {
  let isOpen = true;
  const inside = async <T>(work: () => T): Promise<T> => {
    if (!isOpen) throw new CrmError("unit_closed", "The transaction has ended. Begin another one.");
    return work();
  };
  const end = () => {
    isOpen = false;
    endTurn();
  };

  return {
    inside,
    find: (query, bindings) => inside(() => database.find(query, bindings)),
    aggregate: (query, bindings) => inside(() => database.aggregate(query, bindings)),
    traverse: (query, bindings) => inside(() => database.traverse(query, bindings)),
    execute: async () => refuseNative(),
    write: (tenantId, steps) => inside(() => database.write(tenantId, steps, undo)),
    savepoint: () =>
      inside(() => {
        const mark = undo.mark();
        return { release: () => inside(() => {}), rollback: () => inside(() => undo.backTo(mark)) };
      }),
    // Transactions run one after another: there is nobody to wait for.
    lock: () => inside(() => {}),
    commit: () => inside(end),
    async rollback() {
      if (!isOpen) return;
      undo.backTo(0);
      end();
    },
  };
}

function refuseNative(): never {
  throw nativeUnavailable("memory");
}

function closed(): CrmError {
  return new CrmError(
    "storage_unavailable",
    "The memory database is closed. Open another one; what was in this one is gone.",
  );
}
