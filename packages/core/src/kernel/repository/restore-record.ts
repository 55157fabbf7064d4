/** restore: undoes an archiving, or a deletion with all that went with it. */
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import { runAfter } from "../plugin/hooks.ts";
import type { Predicate } from "../storage/predicate.ts";
import type { WriteStep } from "../storage/query.ts";
import type { Storable } from "../storage/storage-schema.ts";
import { type FieldsToSet, setFields } from "./delete-records.ts";
import { followReferences } from "./follow-references.ts";
import { notFound } from "./read-records.ts";
import { ID, layoutOf, versionOf } from "./stored-row.ts";
import { addressed, instantAfter, setArchived } from "./update-records.ts";
import { type EndedRow, endedRows, lastOf, lastVersions } from "./version-rows.ts";
import { writeChanges } from "./write-changes.ts";
import { atomically, currentRows } from "./write-scope.ts";

/**
 * Deleted records come back as they were, with the next version; with them those that were deleted along, and the references to
 * them that were cleared. A reference that may be cleared, and whose target is gone by now, is cleared.
 */
export async function restoreRecord(scope: Scope, given: unknown): Promise<object> {
  const { entity } = scope;
  const { id } = addressed(scope, given, undefined);
  return atomically(scope, async (inUnit) => {
    const row = (await currentRows(inUnit, [id])).get(id);
    if (row) return setArchived(inUnit, row, false);
    const last = (await lastVersions(inUnit, [id])).get(id);
    if (!last) throw notFound(entity.name, id);
    const going = await alongWith(inUnit, last);
    await insertAgain(inUnit, going);
    await attachAgain(inUnit, going, last.endedAt);
    return layoutOf(entity).decode((await currentRows(inUnit, [id])).get(id)!);
  });
}

type Returning = ReadonlyMap<EntitySchema, ReadonlyMap<string, EndedRow>>;

/** The record, and what was deleted by cascade with it, by entity; what is referred to comes first. */
async function alongWith(scope: Scope, root: EndedRow): Promise<Returning> {
  const id = root.row[ID] as string;
  const found = new Map([[scope.entity, new Map([[id, root]])]]);
  await followReferences(scope, new Map([[scope.entity, [id]]]), async (entity, { field, onDelete }, ids) => {
    if (onDelete !== "cascade" || !entity.history) return [];
    const deleted = await deletedThen(scope, entity, { column: field.columns[0]!.name, ids, at: root.endedAt });
    const known = found.get(entity) ?? new Map<string, EndedRow>();
    const added = [...deleted].filter(([each]) => !known.has(each));
    for (const [each, ended] of added) known.set(each, ended);
    found.set(entity, known);
    return added.map(([each]) => each);
  });
  return found;
}

interface Referring {
  readonly column: string;
  readonly ids: readonly string[];
  readonly at: number;
}

/** Last versions that referred to one of the ids, ended with them, and were followed by none. */
async function deletedThen(
  scope: Scope,
  entity: EntitySchema,
  referring: Referring,
): Promise<ReadonlyMap<string, EndedRow>> {
  const own = { ...scope, entity };
  const then = lastOf(await endedThen(scope, entity, referring));
  const current = await currentRows(own, [...then.keys()]);
  const latest = await lastVersions(own, [...then.keys()]);
  return new Map(
    [...then].filter(([id, { row }]) => !current.has(id) && versionOf(latest.get(id)!.row) === versionOf(row)),
  );
}

/** What refers cannot outlive what it refers to: it is later only where it was changed by a clock that is ahead. */
function endedThen(scope: Scope, entity: EntitySchema, { column, ids, at }: Referring): Promise<readonly EndedRow[]> {
  const where: Predicate = {
    kind: "and",
    of: [
      { kind: "in", column, values: 0 },
      { kind: "compare", column: "ended_at", operator: "gte", value: 1 },
    ],
  };
  return endedRows(scope, entity, { where, params: [ids, at] });
}

async function insertAgain(scope: Scope, returning: Returning): Promise<void> {
  const batches = [...returning].map(([entity, ended]) => {
    const own = { ...scope, entity };
    return { own, entity, ended: [...ended.values()], rows: [...ended.values()].map((each) => nextVersion(own, each)) };
  });
  for (const { own, rows } of batches) await clearLostReferences(own, rows, returning);
  const steps = batches.flatMap(({ entity, rows }): WriteStep[] =>
    rows.length === 0 ? [] : [{ kind: "insert", table: entity.table.name, columns: layoutOf(entity).columns, rows }],
  );
  // A record that returns is no new one: hooks see it as a change of what it was.
  const changed = batches.map(({ entity, ended, rows }) => ({
    entity,
    changes: rows.map((after, i) => ({ before: ended[i]!.row, after, as: "restored" as const })),
  }));
  await writeChanges(scope, steps, changed);
  for (const { entity, changes } of changed) if (changes.length > 0) await runAfter({ ...scope, entity }, changes);
}

function nextVersion(scope: Scope, { row, endedAt }: EndedRow): Storable[] {
  const { positions } = layoutOf(scope.entity);
  const next = [...row] as Storable[];
  next[positions.get("version")!] = versionOf(row) + 1;
  next[positions.get("updated_at")!] = instantAfter(scope, row[ID] as string, endedAt);
  next[positions.get("updated_by")!] = scope.binding.actorId;
  return next;
}

/** What would have been cleared if the record had been there when the target was deleted. */
async function clearLostReferences(scope: Scope, rows: readonly Storable[][], returning: Returning): Promise<void> {
  const { positions } = layoutOf(scope.entity);
  for (const { definition, columns } of scope.entity.fields.values()) {
    if (definition.to === undefined || definition.onDelete !== "detach") continue;
    const target = scope.kernel.schema.entities.get(definition.to)!;
    const at = positions.get(columns[0]!.name)!;
    const ids = new Set(rows.flatMap((row) => (row[at] === null ? [] : [row[at] as string])));
    if (ids.size === 0) continue;
    const there = await currentRows({ ...scope, entity: target }, [...ids]);
    const returns = returning.get(target);
    for (const row of rows) {
      const id = row[at] as string | null;
      if (id !== null && !there.has(id) && !returns?.has(id)) row[at] = null;
    }
  }
}

/** References that the deletion cleared, where nothing has changed them since. */
async function attachAgain(scope: Scope, returning: Returning, at: number): Promise<void> {
  const attached: FieldsToSet[] = [];
  for (const [target, ended] of returning) {
    for (const { entity: name, field, onDelete } of target.referencedBy) {
      const entity = scope.kernel.schema.entities.get(name)!;
      if (onDelete !== "detach" || !entity.history) continue;
      const column = field.columns[0]!.name;
      const detached = await endedThen(scope, entity, { column, ids: [...ended.keys()], at });
      const own = { ...scope, entity };
      const current = await currentRows(own, [...new Set(detached.map(({ row }) => row[ID] as string))]);
      const position = layoutOf(entity).positions.get(column)!;
      for (const { row } of detached) {
        const id = row[ID] as string;
        const now = current.get(id);
        if (!now || versionOf(now) !== versionOf(row) + 1 || now[position] !== null) continue;
        attached.push({ entity, id, patch: { [field.name]: row[position] } });
      }
    }
  }
  await setFields(scope, attached, { comeBack: true });
}
