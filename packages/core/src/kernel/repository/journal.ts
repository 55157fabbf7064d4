/** Takes what several writes have done to records together: one change of each. */
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { RowChange } from "../event/effect.ts";
import type { Journal, NetChanges } from "../event/net-changes.ts";
import { ID } from "./stored-row.ts";

/** Adds to the change of each record: `before` stays, `after` is the last. */
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
