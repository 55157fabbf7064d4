/** Wraps an adapter so that one thing about it is wrong: what the kit must notice. */
import type { Storage, StorageAdapter, StorageSession, StorageTransaction } from "@relata/core/adapter";

/** What is wrong. Each part gets the sound session and gives what replaces it. */
export interface Defect {
  /** Changes reads and writes, outside of units and inside. */
  readonly session?: (sound: StorageSession) => Partial<StorageSession>;
  /** Changes the rest of an open unit. */
  readonly transaction?: (sound: StorageTransaction) => Partial<StorageTransaction>;
  /** Changes the rest of the storage. */
  readonly storage?: (sound: Storage) => Partial<Storage>;
}

export function breakAdapter(adapter: StorageAdapter, defect: Defect): StorageAdapter {
  return {
    name: `broken ${adapter.name}`,
    async open(options) {
      const sound = await adapter.open(options);
      const session = withDefect(sound, defect);
      const storage: Storage = {
        ...session,
        tenants: (table) => sound.tenants(table),
        now: () => sound.now(),
        settledAt: () => sound.settledAt(),
        hint: () => sound.hint(),
        onHint: (listener) => sound.onHint(listener),
        capabilities: sound.capabilities,
        native: (execute) => sound.native(execute),
        join: (handle) => sound.join(handle),
        migrator: sound.migrator,
        close: () => sound.close(),
        begin: async (options) => {
          const transaction = await sound.begin(options);
          const own = {
            savepoint: () => transaction.savepoint(),
            lock: transaction.lock,
            commit: () => transaction.commit(),
            rollback: () => transaction.rollback(),
          };
          return { ...withDefect(transaction, defect), ...own, ...defect.transaction?.(transaction) };
        },
      };
      return { ...storage, ...defect.storage?.(storage) };
    },
  };
}

function withDefect(sound: StorageSession, defect: Defect): StorageSession {
  return {
    find: (query, bindings) => sound.find(query, bindings),
    aggregate: (query, bindings) => sound.aggregate(query, bindings),
    traverse: (query, bindings) => sound.traverse(query, bindings),
    write: (tenantId, steps, locks) => sound.write(tenantId, steps, locks),
    execute: (tenantId, statement) => sound.execute(tenantId, statement),
    ...defect.session?.(sound),
  };
}
