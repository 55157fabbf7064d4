/** A storage whose calls can be made to fail, as a busy database's do. */

import type { TransactionOptions } from "@relata/core/adapter";
import { CrmError, type Storage, type StorageAdapter, type StorageTransaction } from "@relata/core/adapter";

export interface Faults {
  /** Before a write is sent. */
  readonly write?: () => void;
  /** Before a transaction is committed: it is rolled back instead. */
  readonly committing?: () => void;
  /** After a transaction is committed: the reply is lost. */
  readonly committed?: () => void;
  readonly begun?: (options: TransactionOptions | undefined) => void;
  readonly locked?: (tenantId: string, names: readonly string[], mode: string | undefined) => void;
}

export function withFaults(adapter: StorageAdapter, faults: Faults): StorageAdapter {
  return {
    name: adapter.name,
    async open(options) {
      const sound = await adapter.open(options);
      const storage: Storage = {
        ...sound,
        // Names are locked by core only where units do not run one after another anyway.
        ...(faults.locked ? { capabilities: { ...sound.capabilities, unitsInTurn: false } } : {}),
        async write(tenantId, steps, locks = []) {
          faults.write?.();
          for (const { names, mode } of locks) faults.locked?.(tenantId, names, mode);
          await sound.write(tenantId, steps, locks);
        },
        async begin(asked) {
          faults.begun?.(asked);
          return transactionWith(await sound.begin(asked), faults);
        },
      };
      return storage;
    },
  };
}

function transactionWith(sound: StorageTransaction, faults: Faults): StorageTransaction {
  return {
    ...sound,
    async write(tenantId, steps, locks = []) {
      faults.write?.();
      for (const { names, mode } of locks) faults.locked?.(tenantId, names, mode);
      await sound.write(tenantId, steps, locks);
    },
    async lock(tenantId, names, mode) {
      faults.locked?.(tenantId, names, mode);
      await sound.lock(tenantId, names, mode);
    },
    async commit() {
      try {
        faults.committing?.();
      } catch (error) {
        await sound.rollback();
        throw error;
      }
      await sound.commit();
      faults.committed?.();
    },
  };
}

/** Throws the first so many times that it is called. */
export function firstTimes(count: number, error: () => CrmError): () => void {
  let left = count;
  return () => {
    if (left-- > 0) throw error();
  };
}

export function serializationFailed(): CrmError {
  return new CrmError("serialization_failed", "Another transaction was first.", { retryable: true });
}

export function outcomeUnknown(): CrmError {
  return new CrmError("outcome_unknown", "The reply to COMMIT was lost.");
}
