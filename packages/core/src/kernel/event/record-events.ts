/** The events that a write of records makes, where somebody wants them. */
import { instantOf, type Kernel, type Scope } from "../kernel.ts";
import { ID, layoutOf, versionOf } from "../repository/stored-row.ts";
import type { PendingEvent, RowChange } from "./effect.ts";
import { type AutomaticVerb, automaticVerbs } from "./event.ts";

export function recordEvents(scope: Scope, changes: readonly RowChange[]): readonly PendingEvent[] {
  const { kernel, entity } = scope;
  if (kernel.bus.isSilent && kernel.events.wantedBy.size === 0) return [];
  const wanted = new Set(automaticVerbs.filter((verb) => isWanted(kernel, `${entity.name}.${verb}`)));
  if (wanted.size === 0) return [];
  const archivedAt = layoutOf(entity).positions.get("archived_at")!;
  return changes.flatMap((change) => {
    const verb = verbOf(change, archivedAt);
    return wanted.has(verb) ? [recordEvent(scope, verb, change)] : [];
  });
}

export function isWanted({ bus, events }: Kernel, name: string): boolean {
  return bus.hasListener(name) || events.wantedBy.has(name);
}

function verbOf({ before, after, as }: RowChange, archivedAt: number): AutomaticVerb {
  if (as) return as;
  if (!before) return "created";
  if (!after) return "deleted";
  const was = before[archivedAt] !== null;
  const is = after[archivedAt] !== null;
  return was === is ? "updated" : is ? "archived" : "restored";
}

function recordEvent(scope: Scope, verb: AutomaticVerb, { before, after }: RowChange): PendingEvent {
  const { kernel, binding, entity } = scope;
  const { decode, positions } = layoutOf(entity);
  const row = (after ?? before)!;
  const name = `${entity.name}.${verb}`;
  const id = kernel.newId();
  // Where the clock steps back, or another unit was quicker, the record's own time goes on: events have its order.
  const at = Math.max(instantOf(scope), row[positions.get("updated_at")!] as number);
  return {
    name,
    make: () => ({
      id,
      name,
      entity: entity.name,
      recordId: row[ID] as string,
      tenantId: binding.tenantId,
      actorId: binding.actorId,
      at: new Date(at),
      data: {
        ...(before && verb !== "erased" ? { before: decode(before) } : {}),
        ...(after ? { after: decode(after) } : {}),
        version: versionOf(row),
      },
    }),
  };
}
