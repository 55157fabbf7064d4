/** The events that a merge makes, and its undoing. */
import { instantOf, type Scope } from "../kernel.ts";
import { deliverySteps } from "./delivery-steps.ts";
import type { PendingEvent } from "./effect.ts";
import type { MergeData } from "./event.ts";
import { isWanted } from "./record-events.ts";

/** After the events of all that the merge has written. */
export async function tellMerge(scope: Scope, verb: "merged" | "unmerged", data: MergeData): Promise<void> {
  const { kernel, binding, entity } = scope;
  const name = `${entity.name}.${verb}`;
  if (!isWanted(kernel, name)) return;
  const { tenantId, actorId, frame } = binding;
  const id = kernel.newId();
  const instant = instantOf(scope);
  const recordId = data.survivorId;
  const event: PendingEvent = {
    name,
    make: () => ({
      id,
      name,
      entity: entity.name,
      recordId,
      tenantId,
      actorId,
      at: new Date(instant),
      data: { ...data },
    }),
  };
  const effects = [{ kind: "event", event }] as const;
  await kernel.units.write(frame, { tenantId, steps: deliverySteps(scope, [event]), effects });
}
