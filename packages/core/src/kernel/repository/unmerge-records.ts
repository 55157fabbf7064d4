/** unmerge: what a merge has done is undone, as far as nothing was changed since. */
import type { EntitySchema, FieldSchema } from "../entity/entity-schema.ts";
import { invalidInput } from "../entity/input-issues.ts";
import { tellMerge } from "../event/merge-events.ts";
import { instantOf, type Scope } from "../kernel.ts";
import { runUnmerging } from "../plugin/hooks.ts";
import type { Row } from "../storage/query.ts";
import { type FieldsToSet, setFields } from "./delete-records.ts";
import { pointTo, referredBy } from "./incoming-reference.ts";
import { existing, referencesOf } from "./lost-references.ts";
import { type DroppedRecords, MERGE, type MovedReferences } from "./merge.ts";
import { ownLast } from "./plan-moves.ts";
import { notFound } from "./read-records.ts";
import { noHistory } from "./read-session.ts";
import type { Unmerged } from "./repository.ts";
import { attachAgain, insertAgain, type Returning } from "./restore-record.ts";
import { layoutOf, versionOf } from "./stored-row.ts";
import { addressed, updateAll } from "./update-records.ts";
import { type EndedRow, endedRows, lastVersions } from "./version-rows.ts";
import { atomically, currentRows } from "./write-scope.ts";

interface Merge {
  readonly id: string;
  readonly entityType: string;
  readonly survivorId: string;
  readonly otherId: string;
  readonly moved: MovedReferences;
  readonly dropped: DroppedRecords;
  readonly changed: readonly string[];
  readonly versionBefore: number;
  readonly versionAfter: number;
  readonly unmergedAt: Date | null;
}

type Values = Record<string, unknown>;

export async function unmergeRecords(scope: Scope, given: unknown): Promise<Unmerged<object>> {
  const { kernel, entity } = scope;
  const merges = { ...scope, entity: kernel.schema.entities.get(MERGE)! };
  const { id } = addressed(merges, given, undefined);
  return atomically(scope, async (inUnit) => {
    const merge = await findMerge({ ...merges, binding: inUnit.binding }, entity, id);
    const { survivorId, otherId } = merge;
    const survivor = (await currentRows(inUnit, [survivorId])).get(survivorId);
    if (!survivor) throw notFound(entity.name, survivorId);
    const { returning, lost } = await findDropped(inUnit, merge);
    const arrives = (to: EntitySchema, each: string) => returning.get(to)?.has(each) ?? false;
    const { early, late, kept } = await formerValues(inUnit, { merge, survivor, arrives });
    await setFields(inUnit, [{ entity, id: survivorId, patch: early, comesBack: true }]);
    await insertAgain(inUnit, returning);
    await attachAgain(inUnit, returning, firstEnd(returning));
    const { back, left } = await movedBack(inUnit, merge);
    await setFields(inUnit, ownLast(entity, [{ entity, id: survivorId, patch: late, comesBack: true }, ...back]));
    const after = await currentRows(inUnit, [survivorId, otherId]);
    await runUnmerging(inUnit, { mergeId: id, survivor: after.get(survivorId)!, other: after.get(otherId)! });
    const undone = { unmergedAt: new Date(instantOf(inUnit)), unmergedBy: inUnit.binding.actorId };
    await updateAll({ ...inUnit, entity: merges.entity }, [{ id, version: undefined, patch: undone }]);
    await tellMerge(inUnit, "unmerged", { mergeId: id, survivorId, otherId });
    const { decode } = layoutOf(entity);
    const records = await currentRows(inUnit, [survivorId, otherId]);
    return { survivor: decode(records.get(survivorId)!), other: decode(records.get(otherId)!), left, lost, kept };
  });
}

async function findMerge(merges: Scope, entity: EntitySchema, id: string): Promise<Merge> {
  const row = (await currentRows(merges, [id])).get(id);
  const merge = row && (layoutOf(merges.entity).decode(row) as Merge);
  if (merge?.entityType !== entity.name) throw notFound(MERGE, id);
  if (!entity.history) throw noHistory(entity.name);
  if (merge.unmergedAt) {
    const message = `is undone already, at ${merge.unmergedAt.toISOString()}`;
    throw invalidInput(MERGE, [{ field: "mergeId", code: "already_undone", message }]);
  }
  return merge;
}

/** The other one, and what was dropped, as they were; and what cannot come back. */
async function findDropped(
  scope: Scope,
  { otherId, dropped }: Merge,
): Promise<{ readonly returning: Returning; readonly lost: DroppedRecords }> {
  const { kernel, entity } = scope;
  const returning = new Map<EntitySchema, Map<string, EndedRow>>([[entity, new Map()]]);
  for (const { entity: name, ids } of [{ entity: entity.name, ids: [otherId] }, ...dropped]) {
    const from = kernel.schema.entities.get(name);
    if (!from) continue;
    const own = { ...scope, entity: from };
    const current = await currentRows(own, ids);
    const ended = await lastVersions(
      own,
      ids.filter((id) => !current.has(id)),
    );
    returning.set(from, new Map([...(returning.get(from) ?? []), ...ended]));
    if (name === entity.name && ids[0] === otherId && !current.has(otherId) && !ended.has(otherId))
      throw notFound(entity.name, otherId);
  }
  await leaveLost(scope, returning, otherId);
  const lost = dropped.map(({ entity: name, ids }) => {
    const back = returning.get(kernel.schema.entities.get(name)!);
    return { entity: name, ids: ids.filter((id) => !back?.has(id)) };
  });
  return { returning, lost: lost.filter(({ ids }) => ids.length > 0) };
}

/** A dropped record whose reference cannot be cleared, and leads to nothing by now, does not come back; nor what refers to that. */
async function leaveLost(
  scope: Scope,
  returning: ReadonlyMap<EntitySchema, Map<string, EndedRow>>,
  otherId: string,
): Promise<void> {
  const rows = [...returning].flatMap(([entity, ended]) =>
    [...ended].map(([id, { row }]) => ({ entity, id, needs: referencesOf({ ...scope, entity }, row) })),
  );
  const needed = rows.map((each) => ({ ...each, needs: each.needs.filter(({ onDelete }) => onDelete !== "detach") }));
  const isThere = await existing(
    scope,
    needed.flatMap(({ needs }) => needs),
  );
  for (let left = 1; left > 0; ) {
    left = 0;
    for (const { entity, id, needs } of needed) {
      const back = returning.get(entity)!;
      if (!back.has(id) || (entity === scope.entity && id === otherId)) continue;
      if (needs.every((each) => isThere(each) || returning.get(each.to)?.has(each.id))) continue;
      back.delete(id);
      left++;
    }
  }
}

function firstEnd(returning: Returning): number {
  let first = Number.MAX_SAFE_INTEGER;
  for (const ended of returning.values()) for (const { endedAt } of ended.values()) first = Math.min(first, endedAt);
  return first;
}

/**
 * The survivor's fields as they were, where nobody has changed them since. What the other one must be alone to have goes before it
 * comes back; what refers to it, and where the survivor stands in a tree, follows with all that moves back.
 */
async function formerValues(
  scope: Scope,
  {
    merge,
    survivor,
    arrives,
  }: {
    readonly merge: Merge;
    readonly survivor: Row;
    readonly arrives: (to: EntitySchema, id: string) => boolean;
  },
): Promise<{ readonly early: Values; readonly late: Values; readonly kept: readonly string[] }> {
  const { entity } = scope;
  const early: Values = {};
  const late: Values = {};
  const kept: string[] = [];
  if (merge.changed.length === 0) return { early, late, kept };
  const { positions, decode } = layoutOf(entity);
  const where = { kind: "compare", column: "id", operator: "eq", value: 0 } as const;
  const ended = await endedRows(scope, entity, { where, params: [merge.survivorId] });
  const version = (wanted: number) =>
    [survivor, ...ended.map(({ row }) => row)].find((row) => versionOf(row) === wanted);
  const [before, after] = [version(merge.versionBefore), version(merge.versionAfter)];
  if (!before || !after) return { early, late, kept: merge.changed };
  const same = ({ columns }: FieldSchema, a: Row, b: Row) =>
    columns.every(({ name }) => a[positions.get(name)!] === b[positions.get(name)!]);
  const references = referencesOf(scope, before);
  const isThere = await existing(scope, references);
  const gone = references.filter((each) => !isThere(each) && !arrives(each.to, each.id));
  const isGone = (field: FieldSchema) => gone.some((each) => each.field === field || each.type === field);
  const ruled = new Set(entity.table.indexes.flatMap(({ unique, columns }) => (unique ? columns : [])));
  const former = decode(before) as Values;
  for (const name of merge.changed) {
    const field = entity.fields.get(name);
    if (field && same(field, survivor, before)) continue;
    if (!field || !same(field, survivor, after) || isGone(field)) {
      kept.push(name);
      continue;
    }
    const refers = references.some(
      (each) => (each.field === field || each.type === field) && arrives(each.to, each.id),
    );
    const isRuled = [...field.columns, ...(field.folded ? [field.folded] : [])].some((column) =>
      ruled.has(column.name),
    );
    if (isRuled && !refers) early[name] = former[name];
    else late[name] = former[name];
  }
  return { early, late, kept };
}

/** References that still lead to the survivor go back; the others stay, and are told. */
async function movedBack(
  scope: Scope,
  { moved, survivorId, otherId }: Merge,
): Promise<{ readonly back: readonly FieldsToSet[]; readonly left: MovedReferences }> {
  const { kernel, entity } = scope;
  const back: FieldsToSet[] = [];
  const left: MovedReferences = [];
  for (const { entity: name, field, ids } of moved) {
    const reference = entity.referencedBy.find((each) => each.entity === name && each.field.name === field);
    const from = kernel.schema.entities.get(name);
    const current = from && reference ? await currentRows({ ...scope, entity: from }, ids) : new Map<string, Row>();
    const stayed: string[] = [];
    for (const id of ids) {
      const row = current.get(id);
      if (row && referredBy(scope, reference!, row) === survivorId)
        back.push({ entity: from!, id, patch: pointTo(reference!, otherId), comesBack: true });
      else stayed.push(id);
    }
    if (stayed.length > 0) left.push({ entity: name, field, ids: stayed });
  }
  return { back, left };
}
