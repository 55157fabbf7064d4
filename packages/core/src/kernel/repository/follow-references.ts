/** From records to those that refer to them, from these to others, and so on: what a deletion, or its undoing, takes along. */
import type { EntitySchema, IncomingReference } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";

/**
 * Calls `reach` with each reference to the records `from`, then with each to those whose ids it has returned, level by level, until it
 * returns none.
 */
export async function followReferences(
  { kernel }: Scope,
  from: ReadonlyMap<EntitySchema, readonly string[]>,
  reach: (entity: EntitySchema, reference: IncomingReference, ids: readonly string[]) => Promise<readonly string[]>,
): Promise<void> {
  let level = from;
  while (level.size > 0) {
    const next = new Map<EntitySchema, readonly string[]>();
    for (const [target, ids] of level) {
      for (const reference of target.referencedBy) {
        const entity = kernel.schema.entities.get(reference.entity)!;
        const reached = await reach(entity, reference, ids);
        if (reached.length > 0) next.set(entity, [...(next.get(entity) ?? []), ...reached]);
      }
    }
    level = next;
  }
}
