/** The lists of records that one CRM remembers from call to call: see `knownRecords`. */
import type { Assumption } from "../unit-of-work/outgoing.ts";

export interface KnownRecord {
  readonly id: string;
  readonly archivedAt: Date | null;
}

export interface KnownList extends Assumption {
  readonly records: readonly KnownRecord[];
}

/** By tenant, entity and condition. */
export interface KnownLists {
  get(key: string): KnownList | undefined;
  keep(key: string, list: Omit<KnownList, "forget">): void;
}

/** So many are remembered: those that were read last. */
const KEPT = 1_000;

export function createKnownLists(): KnownLists {
  const lists = new Map<string, KnownList>();
  return {
    get: (key) => lists.get(key),
    keep(key, list) {
      lists.delete(key);
      lists.set(key, { ...list, forget: () => void lists.delete(key) });
      if (lists.size > KEPT) lists.delete(lists.keys().next().value!);
    },
  };
}
