/** The events that plugins and the application make themselves. */
import { inputIssues, invalidInput } from "../entity/input-issues.ts";
import { instantOf, type Kernel, type Scope } from "../kernel.ts";
import { deliverySteps } from "./delivery-steps.ts";
import type { PendingEvent } from "./effect.ts";
import type { DeclaredEvent } from "./event-catalog.ts";
import { isWanted } from "./record-events.ts";

type Place = Pick<Scope, "kernel" | "binding">;

/** @throws `invalid_input`, also where nobody wants the event. */
export async function emitEvent(
  at: Place,
  { name, recordId, data }: { readonly name: unknown; readonly recordId: unknown; readonly data: unknown },
): Promise<void> {
  const { kernel, binding } = at;
  const declared = typeof name === "string" ? kernel.events.declared.get(name) : undefined;
  if (!declared || typeof name !== "string") throw unknownEvent(kernel, name);
  const accepts = kernel.schema.entities.get(declared.entity)!.fields.get("id")!.codec.accepts;
  if (!accepts.safeParse(recordId).success)
    throw invalidInput(name, [
      { field: "recordId", code: "invalid_id", message: `must be the id of a record of ${declared.entity}` },
    ]);
  const parsed = declared.codec.accepts.safeParse(data);
  if (!parsed.success) throw invalidInput(name, inputIssues(parsed.error.issues, data));
  if (!isWanted(kernel, name)) return;
  const event = pendingEvent(at, declared, { name, recordId: recordId as string, data: parsed.data });
  const steps = deliverySteps(at, [event]);
  const effects = [{ kind: "event", event }] as const;
  await kernel.units.write(binding.frame, { tenantId: binding.tenantId, steps, effects });
}

function pendingEvent(
  at: Place,
  { entity, codec }: DeclaredEvent,
  { name, recordId, data }: { readonly name: string; readonly recordId: string; readonly data: unknown },
): PendingEvent {
  const { tenantId, actorId } = at.binding;
  const id = at.kernel.newId();
  const instant = instantOf(at);
  const kept = codec.encode(data);
  return {
    name,
    make: () => ({ id, name, entity, recordId, tenantId, actorId, at: new Date(instant), data: codec.decode(kept) }),
  };
}

function unknownEvent({ events }: Kernel, name: unknown) {
  const declared = typeof name === "string" ? `"${name}" is no event that is declared` : "must be the name of an event";
  const message = typeof name === "string" && events.has(name) ? `"${name}" is made by the SDK itself` : declared;
  return invalidInput("emit", [{ field: "name", code: "unknown_event", message }]);
}
