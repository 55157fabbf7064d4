/** The events that plugins and the application make themselves. */
import { inputIssues, invalidInput } from "../entity/input-issues.ts";
import { instantOf, type Kernel, type Scope } from "../kernel.ts";
import { deliverySteps } from "./delivery-steps.ts";
import type { PendingEvent } from "./effect.ts";
import type { DeclaredEvent } from "./event-catalog.ts";
import { isWanted } from "./record-events.ts";

type Place = Pick<Scope, "kernel" | "binding">;

interface GivenEvent {
  readonly recordId: unknown;
  readonly data: unknown;
}

/** One list of statements for all of them. @throws `invalid_input`, also where nobody wants the event. */
export async function emitEvents(at: Place, name: unknown, given: readonly GivenEvent[]): Promise<void> {
  const { kernel, binding } = at;
  const declared = typeof name === "string" ? kernel.events.declared.get(name) : undefined;
  if (!declared || typeof name !== "string") throw unknownEvent(kernel, name);
  const accepts = kernel.schema.entities.get(declared.entity)!.fields.get("id")!.codec.accepts;
  const accepted = given.map(({ recordId, data }, i) => {
    const index = given.length > 1 ? { index: i } : {};
    if (!accepts.safeParse(recordId).success)
      throw invalidInput(name, [
        {
          field: "recordId",
          code: "invalid_id",
          message: `must be the id of a record of ${declared.entity}`,
          ...index,
        },
      ]);
    const parsed = declared.codec.accepts.safeParse(data);
    if (!parsed.success) throw invalidInput(name, inputIssues(parsed.error.issues, data, index.index));
    return { name, recordId: recordId as string, data: parsed.data };
  });
  if (accepted.length === 0 || !isWanted(kernel, name)) return;
  const events = accepted.map((event) => pendingEvent(at, declared, event));
  const effects = events.map((event) => ({ kind: "event", event }) as const);
  await kernel.units.write(binding.frame, { tenantId: binding.tenantId, steps: deliverySteps(at, events), effects });
}

function pendingEvent(
  at: Place,
  { entity, codec }: DeclaredEvent,
  { name, recordId, data }: { readonly name: string; readonly recordId: string; readonly data: unknown },
): PendingEvent {
  const { tenantId, actorId } = at.binding;
  const id = at.kernel.newId();
  const instant = instantOf(at);
  const kept = typeof data === "object" && data !== null ? codec.encode(data) : undefined;
  const ownData = () => (kept ? codec.decode(kept) : data);
  return {
    name,
    make: () => ({ id, name, entity, recordId, tenantId, actorId, at: new Date(instant), data: ownData() }),
  };
}

function unknownEvent({ events }: Kernel, name: unknown) {
  const declared = typeof name === "string" ? `"${name}" is no event that is declared` : "must be the name of an event";
  const message = typeof name === "string" && events.has(name) ? `"${name}" is made by the SDK itself` : declared;
  return invalidInput("emit", [{ field: "name", code: "unknown_event", message }]);
}
