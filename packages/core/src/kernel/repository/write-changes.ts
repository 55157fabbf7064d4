/** Sends the statements of a write, with all that belongs to them: durable events in the same list, the rest after the commit. */
import type { EntitySchema } from "../entity/entity-schema.ts";
import { deliverySteps } from "../event/delivery-steps.ts";
import type { Effect, RowChange } from "../event/effect.ts";
import { recordEvents } from "../event/record-events.ts";
import type { Scope } from "../kernel.ts";
import { hasHook } from "../plugin/hooks.ts";
import type { WriteStep } from "../storage/query.ts";
import { noteInJournal } from "./journal.ts";
import { ID } from "./stored-row.ts";
import { pathSteps } from "./tree-paths.ts";

/** The records of one entity that a write changes. */
export interface ChangedRows {
  readonly entity: EntitySchema;
  readonly changes: readonly RowChange[];
  /** Events tell of it, and hooks do not see it. */
  readonly withoutHooks?: boolean;
}

/** `changed` is what `steps` do, in the order in which it is told. Outside of any unit, what follows the commit has happened too. */
export async function writeChanges(
  scope: Scope,
  steps: readonly WriteStep[],
  changed: readonly ChangedRows[],
): Promise<void> {
  const { kernel, binding } = scope;
  const events = changed.flatMap(({ entity, changes }) => recordEvents({ ...scope, entity }, changes));
  const durable = deliverySteps(scope, events);
  const { tenantId, actorId, chain, frame } = binding;
  const author = { tenantId, actorId, chain };
  const effects = [
    ...events.map((event): Effect => ({ kind: "event", event })),
    ...changed
      .filter(({ entity, changes, withoutHooks }) => {
        return changes.length > 0 && !withoutHooks && hasHook(scope, entity, "committed");
      })
      .map(({ entity, changes }): Effect => ({ kind: "changes", entity, author, changes })),
  ];
  const paths = changed.some(({ entity }) => entity.treePaths.length > 0) ? await pathSteps(scope, changed) : [];
  await kernel.units.write(frame, { tenantId, steps: [...steps, ...paths, ...durable], effects });
  const { outgoing } = frame ?? {};
  for (const { entity, changes } of outgoing ? changed : []) {
    for (const { before, after } of changes) {
      const key = `${entity.table.name} ${(after ?? before)![ID] as string}`;
      if (after) outgoing!.rows.set(key, after);
      else outgoing!.rows.delete(key);
    }
  }
  for (const { entity, changes } of changed) noteInJournal(binding.journal, entity, changes);
}
