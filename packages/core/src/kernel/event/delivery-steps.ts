/** Durable events as rows, to be written with what they tell of. */
import type { Kernel, Scope } from "../kernel.ts";
import { encodeNew, layoutOf } from "../repository/stored-row.ts";
import type { WriteStep } from "../storage/query.ts";
import { DELIVERY } from "./delivery.ts";
import type { PendingEvent } from "./effect.ts";
import type { CrmEvent } from "./event.ts";

/** One row for each event and subscriber; no step where nobody has subscribed. */
export function deliverySteps(
  { kernel, binding }: Pick<Scope, "kernel" | "binding">,
  events: readonly PendingEvent[],
): readonly WriteStep[] {
  const durable = events.filter(({ name }) => kernel.events.wantedBy.has(name));
  if (durable.length === 0) return [];
  const entity = kernel.schema.entities.get(DELIVERY)!;
  const { columns, positions } = layoutOf(entity);
  const dueAt = new Date(kernel.clock());
  const rows = durable.flatMap((pending) => {
    const event = pending.make();
    const { name: eventName, entity: entityType, recordId, at: occurredAt } = event;
    // Dates as ISO text: what is taken from JSON is made into a record again when it is delivered.
    const stored = JSON.stringify(event);
    const recordVersion = versionIn(kernel, event);
    return kernel.events.wantedBy.get(eventName)!.map((subscriber) => {
      const about = { eventName, subscriber, entityType, recordId, recordVersion, occurredAt };
      const values = { ...about, status: "pending", attempts: 0, dueAt };
      const row = encodeNew({ kernel, binding, entity }, { id: kernel.newId(), values });
      row[positions.get("event")!] = stored;
      return row;
    });
  });
  return [{ kind: "insert", table: entity.table.name, columns, rows }];
}

/** Undefined where there is none that grows with each change: without history, those of a record that is made anew begin again. */
function versionIn({ events, schema }: Kernel, { name, entity, data }: CrmEvent): number | undefined {
  if (events.declared.has(name) || !schema.entities.get(entity)?.history) return undefined;
  return (data as { readonly version?: number }).version;
}
