/** restore: undoes an archiving, or a deletion with all that went with it. */
import type { EntitySchema, FieldSchema, IncomingReference } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import { runAfter } from "../plugin/hooks.ts";
import type { Predicate } from "../storage/predicate.ts";
import type { Row, WriteStep } from "../storage/query.ts";
import type { Storable } from "../storage/storage-schema.ts";
import { checkPairs, targetOf } from "./check-pairs.ts";
import { type FieldsToSet, setFields } from "./delete-records.ts";
import { followMerges, rememberFollowed } from "./follow-merges.ts";
import { followReferences } from "./follow-references.ts";
import { pointTo, referringTo } from "./incoming-reference.ts";
import { lockRecords } from "./lock-records.ts";
import { existing, referencesOf } from "./lost-references.ts";
import { notFound } from "./read-records.ts";
import { ID, layoutOf, versionOf } from "./stored-row.ts";
import { addressed, instantAfter, setArchived } from "./update-records.ts";
import { type EndedRow, endedRows, lastOf, lastVersions, type Returning } from "./version-rows.ts";
import { writeChanges } from "./write-changes.ts";
import { atomically, currentRows } from "./write-scope.ts";

/**
 * Deleted records come back as they were, with the next version; with them those that were deleted along, and the references to
 * them that were cleared. What they refer to and was merged since is its survivor now. What was deleted along, and whose own target
 * is gone by now, stays deleted; a reference that may be cleared, and whose target is gone, is cleared.
 */
export async function restoreRecord(scope: Scope, given: unknown): Promise<object> {
  const { entity } = scope;
  const { id } = addressed(scope, given, undefined);
  return atomically(scope, async (inUnit) => {
    await lockRecords(inUnit, [id]);
    const row = (await currentRows(inUnit, [id])).get(id);
    if (row) return setArchived(inUnit, row, false);
    const last = (await lastVersions(inUnit, [id])).get(id);
    if (!last) throw notFound(entity.name, id);
    const { returning, followed } = await followMerges(inUnit, await alongWith(inUnit, last));
    const going = await withoutLost(inUnit, returning, id);
    await insertAgain(inUnit, going);
    await rememberFollowed(inUnit, followed);
    await attachAgain(inUnit, going, last.endedAt);
    return layoutOf(entity).decode((await currentRows(inUnit, [id])).get(id)!);
  });
}

/** The record, and what was deleted by cascade with it, by entity; what is referred to comes first. */
async function alongWith(scope: Scope, root: EndedRow): Promise<Returning> {
  const id = root.row[ID] as string;
  const found = new Map([[scope.entity, new Map([[id, root]])]]);
  await followReferences(scope, new Map([[scope.entity, [id]]]), async (entity, reference, ids) => {
    if (reference.onDelete !== "cascade" || !entity.history) return [];
    const deleted = await deletedThen(scope, entity, { reference, ids, at: root.endedAt });
    const known = found.get(entity) ?? new Map<string, EndedRow>();
    const added = [...deleted].filter(([each]) => !known.has(each));
    for (const [each, ended] of added) known.set(each, ended);
    found.set(entity, known);
    return added.map(([each]) => each);
  });
  return found;
}

/** Without what the deletion of something else would have taken along since then. The record that is restored is left to be refused. */
async function withoutLost(scope: Scope, returning: Returning, root: string): Promise<Returning> {
  const kept = new Map([...returning].map(([entity, ended]) => [entity, new Map(ended)]));
  const ties = [...kept].flatMap(([entity, ended]) =>
    [...ended].flatMap(([id, { row }]) =>
      entity === scope.entity && id === root
        ? []
        : referencesOf({ ...scope, entity }, row)
            .filter(({ onDelete }) => onDelete === "cascade")
            .map((reference) => ({ entity, id, reference })),
    ),
  );
  const isThere = await existing(
    scope,
    ties.map(({ reference }) => reference),
  );
  for (;;) {
    const lost = ties.filter(
      ({ entity, id, reference }) =>
        kept.get(entity)!.has(id) && !isThere(reference) && !kept.get(reference.to)?.has(reference.id),
    );
    if (lost.length === 0) return kept;
    for (const { entity, id } of lost) kept.get(entity)!.delete(id);
  }
}

interface Referring {
  readonly reference: IncomingReference;
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
function endedThen(
  scope: Scope,
  entity: EntitySchema,
  { reference, ids, at }: Referring,
): Promise<readonly EndedRow[]> {
  const { where, params } = referringTo(reference, ids);
  const later: Predicate = { kind: "compare", column: "ended_at", operator: "gte", value: params.length };
  return endedRows(scope, entity, { where: { kind: "and", of: [where, later] }, params: [...params, at] });
}

/** What comes back is as it was, with its next version. All of it is one write. */
export async function insertAgain(scope: Scope, returning: Returning): Promise<void> {
  const batches = [...returning].map(([entity, ended]) => {
    const own = { ...scope, entity };
    return { own, entity, ended: [...ended.values()], rows: [...ended.values()].map((each) => nextVersion(own, each)) };
  });
  for (const { own, rows } of batches) {
    await clearLostReferences(own, rows, returning);
    const paired = rows.map((row) => ({ row, comesBack: true }));
    await checkPairs(own, paired, (entity, id) => returning.get(entity)?.has(id) ?? false);
  }
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
  const { entity, kernel } = scope;
  const { positions } = layoutOf(entity);
  const position = (field: FieldSchema) => positions.get(field.columns[0]!.name)!;
  for (const field of entity.fields.values()) {
    if (field.definition.to === undefined || field.definition.onDelete !== "detach") continue;
    const target = kernel.schema.entities.get(field.definition.to)!;
    await clearLost({ ...scope, entity: target }, { rows, at: [position(field)], returning });
  }
  for (const { type, id, onDelete } of entity.polymorphic) {
    if (onDelete !== "detach") continue;
    for (const name of new Set(rows.map((row) => row[position(type)] as string | null))) {
      const target = name === null ? undefined : targetOf(scope, name);
      if (!target) continue;
      const named = rows.filter((row) => row[position(type)] === name);
      await clearLost({ ...scope, entity: target }, { rows: named, at: [position(id), position(type)], returning });
    }
  }
}

/** `at`: where the rows have the id of a record of the scope's entity, and what else is cleared with it. */
async function clearLost(
  scope: Scope,
  {
    rows,
    at,
    returning,
  }: { readonly rows: readonly Storable[][]; readonly at: readonly number[]; readonly returning: Returning },
): Promise<void> {
  const referred = (row: readonly Storable[]) => row[at[0]!] as string | null;
  const ids = new Set(rows.map(referred).filter((id) => id !== null));
  if (ids.size === 0) return;
  const there = await currentRows(scope, [...ids]);
  const returns = returning.get(scope.entity);
  for (const row of rows) {
    const id = referred(row);
    if (id !== null && !there.has(id) && !returns?.has(id)) for (const position of at) row[position] = null;
  }
}

/** References that the deletion cleared, where nothing has changed them since. */
async function attachAgain(scope: Scope, returning: Returning, at: number): Promise<void> {
  const attached: FieldsToSet[] = [];
  for (const [target, ended] of returning) {
    for (const reference of target.referencedBy) {
      const entity = scope.kernel.schema.entities.get(reference.entity)!;
      if (reference.onDelete !== "detach" || !entity.history) continue;
      const detached = await endedThen(scope, entity, { reference, ids: [...ended.keys()], at });
      const own = { ...scope, entity };
      const current = await currentRows(own, [...new Set(detached.map(({ row }) => row[ID] as string))]);
      const position = layoutOf(entity).positions.get(reference.field.columns[0]!.name)!;
      const cleared = detached.filter(({ row }) => current.get(row[ID] as string)?.[position] === null);
      const set = await setSince(own, { cleared, current, position });
      for (const { row } of cleared) {
        const id = row[ID] as string;
        if (!set.has(id))
          attached.push({ entity, id, patch: pointTo(reference, row[position] as string), comesBack: true });
      }
    }
  }
  await setFields(scope, attached);
}

/** The records in which the reference led elsewhere after the deletion, and was cleared again. One query, where any was written since. */
async function setSince(
  scope: Scope,
  {
    cleared,
    current,
    position,
  }: { readonly cleared: readonly EndedRow[]; readonly current: ReadonlyMap<string, Row>; readonly position: number },
): Promise<ReadonlySet<string>> {
  const versions = new Map(cleared.map(({ row }) => [row[ID] as string, versionOf(row)]));
  const ids = [...versions].flatMap(([id, version]) => (versionOf(current.get(id)!) > version + 1 ? [id] : []));
  if (ids.length === 0) return new Set();
  const where: Predicate = { kind: "in", column: "id", values: 0 };
  const since = await endedRows(scope, scope.entity, { where, params: [ids] });
  return new Set(
    since.flatMap(({ row }) => {
      const id = row[ID] as string;
      return versionOf(row) > versions.get(id)! && row[position] !== null ? [id] : [];
    }),
  );
}
