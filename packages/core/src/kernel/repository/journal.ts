/** What several writes have done to records, taken together: one change of each. */
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { RowChange } from "../event/effect.ts";
import type { Scope } from "../kernel.ts";
import { runAfter } from "../plugin/hooks.ts";
import { ID } from "./stored-row.ts";

/** By entity and id: the first row before, and the last one after. */
export type NetChanges = Map<EntitySchema, Map<string, RowChange>>;

/** All that is written through a handle and those that hooks get from it, whoever writes it; of operations in operations too. */
export interface Journal {
  readonly changes: NetChanges;
  readonly outer: Journal | undefined;
}

export function addChanges(all: NetChanges, entity: EntitySchema, changes: readonly RowChange[]): void {
  const known = all.get(entity) ?? new Map<string, RowChange>();
  all.set(entity, known);
  for (const change of changes) {
    const id = (change.after ?? change.before)![ID] as string;
    const earlier = known.get(id);
    const { before } = earlier ?? change;
    known.set(id, { ...(before ? { before } : {}), ...(change.after ? { after: change.after } : {}) });
  }
}

/** A record that comes back from history was not there before. */
export function noteInJournal(journal: Journal | undefined, entity: EntitySchema, changes: readonly RowChange[]): void {
  const noted = changes.map(({ before, after, as }) => ({
    ...(before && as !== "restored" ? { before } : {}),
    ...(after ? { after } : {}),
  }));
  for (let each = journal; each; each = each.outer) addChanges(each.changes, entity, noted);
}

/** The `after` hooks that have waited until all was written. Wholes come before their parts, as the entities are declared. */
export async function runWaiting(scope: Scope, waiting: NetChanges): Promise<void> {
  for (const entity of scope.kernel.schema.entities.values()) {
    const changes = [...(waiting.get(entity)?.values() ?? [])].filter(({ before, after }) => before ?? after);
    if (changes.length > 0) await runAfter({ ...scope, entity }, changes);
  }
}
