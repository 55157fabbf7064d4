/** The order of a record's events that have the same instant. */
import type { DeliveryRecord } from "./outbox.ts";
import type { InSequence } from "./sequence.ts";

export type Placed = InSequence & Pick<DeliveryRecord, "id" | "eventName" | "recordVersion" | "occurredAt">;

/**
 * Ids ascend within a process only, and a process whose clock is behind dates a change as the one before it. Among those of one record and
 * instant that have a version, the versions decide; all others stay where they are.
 */
export function inVersionOrder<D extends Placed>(deliveries: readonly D[]): readonly D[] {
  const ties = new Map<string, D[]>();
  const tieOf = (delivery: D) => {
    const { subscriber, entityType, recordId, occurredAt } = delivery;
    const key = JSON.stringify([subscriber, entityType, recordId, occurredAt.getTime()]);
    const tie = ties.get(key) ?? [];
    ties.set(key, tie);
    return tie;
  };
  const versioned = deliveries.filter(({ recordVersion }) => recordVersion !== null);
  for (const delivery of versioned) tieOf(delivery).push(delivery);
  for (const tie of ties.values()) tie.sort(compareVersions);
  return deliveries.map((delivery) => (delivery.recordVersion === null ? delivery : tieOf(delivery).shift()!));
}

/** The end of a record has the version that it ends. */
function compareVersions(a: Placed, b: Placed): number {
  return a.recordVersion! - b.recordVersion! || Number(isEnd(a)) - Number(isEnd(b));
}

function isEnd({ eventName }: Placed): boolean {
  return eventName.endsWith(".deleted") || eventName.endsWith(".erased");
}
