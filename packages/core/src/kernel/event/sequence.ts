/** The deliveries of one record to one subscriber: they go in order, so that one which waits holds back those behind it. */

export interface InSequence {
  readonly subscriber: string;
  readonly entityType: string;
  readonly recordId: string;
}

/** The sequences that a drain passes over: another drain is at them, or they wait for something that has failed. */
export interface PassedOver {
  has(delivery: InSequence): boolean;
  add(delivery: InSequence): void;
  /** As a condition of a query, what is in one of them; undefined where there is none. */
  condition(): { readonly or: readonly object[] } | undefined;
}

export function createPassedOver(): PassedOver {
  const groups = new Map<
    string,
    { readonly subscriber: string; readonly entityType: string; readonly ids: Set<string> }
  >();
  const keyOf = ({ subscriber, entityType }: InSequence) => JSON.stringify([subscriber, entityType]);
  return {
    has: (delivery) => groups.get(keyOf(delivery))?.ids.has(delivery.recordId) === true,
    add(delivery) {
      const { subscriber, entityType, recordId } = delivery;
      const key = keyOf(delivery);
      const group = groups.get(key) ?? { subscriber, entityType, ids: new Set<string>() };
      groups.set(key, group);
      group.ids.add(recordId);
    },
    condition() {
      if (groups.size === 0) return undefined;
      const or = [...groups.values()].map(({ ids, ...rest }) => ({ ...rest, recordId: { in: [...ids] } }));
      return { or };
    },
  };
}

export function sameSequence(a: InSequence, b: InSequence): boolean {
  return a.subscriber === b.subscriber && a.entityType === b.entityType && a.recordId === b.recordId;
}
