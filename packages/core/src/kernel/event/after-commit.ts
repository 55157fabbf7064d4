/** What follows from a unit once it is committed: its events, a hint of those that wait to be delivered, then the hooks of the last phase. */
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { Kernel } from "../kernel.ts";
import { runCommitted } from "../plugin/hooks.ts";
import type { Author, Effect, RowChange } from "./effect.ts";

/**
 * Events first, and at once, so that those of two units come in the order of the commits. Then one call for each hook, entity, tenant
 * and actor, with all that the unit has written. Never rejects.
 */
export async function afterCommit(kernel: Kernel, effects: readonly Effect[]): Promise<void> {
  for (const effect of effects) if (effect.kind === "event") kernel.bus.send(effect.event);
  if (effects.some((effect) => effect.kind === "event" && kernel.events.wantedBy.has(effect.event.name))) kernel.hint();
  for (const { entity, author, changes } of batchesOf(effects)) {
    const binding = { ...kernel.root, ...author };
    await runCommitted({ kernel, binding, entity }, changes);
  }
}

interface Batch {
  readonly entity: EntitySchema;
  readonly author: Author;
  readonly changes: RowChange[];
}

function batchesOf(effects: readonly Effect[]): readonly Batch[] {
  const batches = new Map<string, Batch>();
  for (const effect of effects) {
    if (effect.kind !== "changes") continue;
    const { entity, author, changes } = effect;
    const key = JSON.stringify([entity.name, author.tenantId, author.actorId]);
    const batch = batches.get(key);
    if (batch) batch.changes.push(...changes);
    else batches.set(key, { entity, author, changes: [...changes] });
  }
  return [...batches.values()];
}
