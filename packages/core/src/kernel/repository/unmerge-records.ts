/** unmerge: what a merge has changed is written as it was, as far as nobody has changed it since. */
import type { EntitySchema, FieldSchema } from "../entity/entity-schema.ts";
import { invalidInput } from "../entity/input-issues.ts";
import { tellMerge } from "../event/merge-events.ts";
import type { NetChanges } from "../event/net-changes.ts";
import { instantOf, type Scope } from "../kernel.ts";
import { runUnmerging, runWaiting } from "../plugin/hooks.ts";
import { carryOut, type FieldsToSet, setFields } from "./delete-records.ts";
import { type Former, formerRecords } from "./former-records.ts";
import { pointTo, referredBy } from "./incoming-reference.ts";
import { existing, type Reference, referencesOf } from "./lost-references.ts";
import { type ChangedVersions, type DroppedRecords, MERGE, type MovedReferences } from "./merge.ts";
import { agreedDeletion } from "./plan-deletion.ts";
import { ownLast } from "./plan-moves.ts";
import { notFound } from "./read-records.ts";
import { noHistory } from "./read-session.ts";
import type { Unmerged } from "./repository.ts";
import { insertAgain, type Returning } from "./restore-record.ts";
import { layoutOf, versionOf } from "./stored-row.ts";
import { addressed, updateAll } from "./update-records.ts";
import type { EndedRow } from "./version-rows.ts";
import { atomically, currentRows } from "./write-scope.ts";

interface Merge {
  readonly id: string;
  readonly entityType: string;
  readonly survivorId: string;
  readonly otherId: string;
  readonly moved: MovedReferences;
  readonly dropped: DroppedRecords;
  readonly changed: readonly string[];
  readonly versions: ChangedVersions;
  readonly unmergedAt: Date | null;
}

type Values = Record<string, unknown>;

/**
 * The former states were consistent, so no hook derives anything while they are written. The `after` hooks see the whole when it is there,
 * and mend what does not fit to what was changed since.
 */
export async function unmergeRecords(scope: Scope, given: unknown): Promise<Unmerged<object>> {
  const { kernel, entity } = scope;
  const merges = { ...scope, entity: kernel.schema.entities.get(MERGE)! };
  const { id } = addressed(merges, given, undefined);
  return atomically(scope, async (inUnit) => {
    const merge = await findMerge({ ...merges, binding: inUnit.binding }, entity, id);
    const { survivorId, otherId } = merge;
    if (!(await currentRows(inUnit, [survivorId])).has(survivorId)) throw notFound(entity.name, survivorId);
    const formers = await formerRecords(inUnit, merge.versions);
    const { returning, lost } = await findDropped(inUnit, merge, formers);
    const { patches, left, kept } = await formerValues(inUnit, { merge, formers, returning });
    const waiting: NetChanges = new Map();
    await writeFormer(inUnit, { waiting, survivorId, formers, returning, patches });
    await runWaiting(inUnit, waiting);
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

interface FormerState {
  readonly waiting: NetChanges;
  readonly survivorId: string;
  readonly formers: readonly Former[];
  readonly returning: Returning;
  readonly patches: readonly Patch[];
}

/**
 * What the other one must be alone to have goes before it comes back; the rest follows. What somebody has changed since is written after
 * what nobody has, and hooks before the write see it.
 */
async function writeFormer(
  scope: Scope,
  { waiting, survivorId, formers, returning, patches }: FormerState,
): Promise<void> {
  const { entity, binding } = scope;
  const changedSince: Scope = { ...scope, binding: { ...binding, waiting } };
  const asItWas: Scope = { ...scope, binding: { ...binding, waiting, asItWas: true } };
  const added = new Map<EntitySchema, Former[]>();
  for (const former of formers) {
    const isNew = former.versionBefore === null && former.versionAfter !== null;
    if (isNew && former.current && isUntouched(former))
      added.set(former.entity, [...(added.get(former.entity) ?? []), former]);
  }
  if (added.size > 0) {
    const roots = new Map([...added].map(([at, all]) => [at, all.map(({ current }) => current!)]));
    await carryOut(asItWas, await agreedDeletion(asItWas, roots));
  }
  const isSurvivor = ({ former }: Patch) => former.entity === entity && former.id === survivorId;
  const own = patches.find(isSurvivor);
  const { early, late } = inTurn(entity, own);
  await setFields(asItWas, [{ entity, id: survivorId, patch: early, comesBack: true }]);
  await insertAgain(asItWas, returning);
  const rest = patches.map((patch) => (patch === own ? { ...patch, values: late } : patch));
  const inOrder = (some: readonly Patch[]) =>
    ownLast(
      entity,
      some.map(({ former, values }): FieldsToSet => {
        return { entity: former.entity, id: former.id, patch: values, comesBack: true };
      }),
    );
  await setFields(asItWas, inOrder(rest.filter(({ former }) => isUntouched(former))));
  await setFields(changedSince, inOrder(rest.filter(({ former }) => !isUntouched(former))));
}

function isUntouched({ versionAfter, current }: Former): boolean {
  return current !== undefined && versionOf(current) === versionAfter;
}

function inTurn(entity: EntitySchema, own: Patch | undefined): { readonly early: Values; readonly late: Values } {
  const ruled = new Set(entity.table.indexes.flatMap(({ unique, columns }) => (unique ? columns : [])));
  const early: Values = {};
  const late: Values = {};
  for (const [name, value] of Object.entries(own?.values ?? {})) {
    const { columns, folded } = entity.fields.get(name)!;
    const isRuled = [...columns, ...(folded ? [folded] : [])].some((column) => ruled.has(column.name));
    if (isRuled && !own!.refersToReturning.has(name)) early[name] = value;
    else late[name] = value;
  }
  return { early, late };
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

/** The other one, and what was dropped, as they were; and what cannot come back. What is referred to comes first. */
async function findDropped(
  scope: Scope,
  { otherId, dropped }: Merge,
  formers: readonly Former[],
): Promise<{ readonly returning: Returning; readonly lost: DroppedRecords }> {
  const { kernel, entity } = scope;
  const returning = new Map<EntitySchema, Map<string, EndedRow>>([[entity, new Map()]]);
  for (const { entity: name } of dropped) {
    const from = kernel.schema.entities.get(name);
    if (from && !returning.has(from)) returning.set(from, new Map());
  }
  for (const { entity: from, id, versionAfter, current, before, ended } of formers)
    if (versionAfter === null && !current && before && ended) returning.get(from)?.set(id, { ...ended, row: before });
  const isThere = formers.some(({ entity: from, id, current }) => from === entity && id === otherId && current);
  if (!isThere && !returning.get(entity)!.has(otherId)) throw notFound(entity.name, otherId);
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

/** What a record that is still there gets back. */
interface Patch {
  readonly former: Former;
  readonly values: Values;
  /** Fields that refer to what comes back with the other one. */
  readonly refersToReturning: ReadonlySet<string>;
}

interface FormerValues {
  readonly patches: readonly Patch[];
  readonly left: MovedReferences;
  readonly kept: readonly string[];
}

/** The fields as they were, where nobody has changed them since, and what they refer to is there. */
async function formerValues(
  scope: Scope,
  {
    merge,
    formers,
    returning,
  }: { readonly merge: Merge; readonly formers: readonly Former[]; readonly returning: Returning },
): Promise<FormerValues> {
  const { entity } = scope;
  const changed = formers.filter(({ versionBefore, versionAfter }) => versionBefore !== null && versionAfter !== null);
  const known = changed.filter(({ current, before, after }) => current && before && after);
  const references = new Map(
    known.map((former) => [former, referencesOf({ ...scope, entity: former.entity }, former.before!)]),
  );
  const isThere = await existing(scope, [...references.values()].flat());
  const arrives = ({ to, id }: Reference) => returning.get(to)?.has(id) ?? false;
  const { moves, left } = await movedBack(scope, merge);
  let kept: readonly string[] = [];
  const patches: Patch[] = [];
  for (const former of changed) {
    const isSurvivor = former.entity === entity && former.id === merge.survivorId;
    if (!references.has(former)) {
      // Its history is not kept, or is erased: the references alone are known.
      const values = former.current ? moves(former) : undefined;
      if (values) patches.push({ former, values, refersToReturning: new Set() });
      if (isSurvivor) kept = merge.changed;
      continue;
    }
    const own = references.get(former)!;
    const namesOf = (some: readonly Reference[]) =>
      new Set(some.flatMap(({ field, type }) => (type ? [field.name, type.name] : [field.name])));
    const gone = namesOf(own.filter((each) => !isThere(each) && !arrives(each)));
    const { values, stayed } = valuesBack(former, gone);
    if (Object.keys(values).length > 0)
      patches.push({ former, values, refersToReturning: namesOf(own.filter(arrives)) });
    if (isSurvivor) kept = stayed;
    else for (const name of stayed) leave(left, former, name);
  }
  return { patches, left, kept };
}

function valuesBack(
  { entity, before, after, current }: Former,
  gone: ReadonlySet<string>,
): { readonly values: Values; readonly stayed: readonly string[] } {
  const { positions, decode } = layoutOf(entity);
  const same = ({ columns }: FieldSchema, a: Former["current"], b: Former["current"]) =>
    columns.every(({ name }) => a![positions.get(name)!] === b![positions.get(name)!]);
  const was = decode(before!) as Values;
  const values: Values = {};
  const stayed: string[] = [];
  for (const field of entity.fields.values()) {
    const { name, plugin } = field;
    if (plugin === undefined && name !== "archivedAt") continue;
    if (same(field, before, after) || same(field, current, before)) continue;
    if (same(field, current, after) && !gone.has(name)) values[name] = was[name];
    else stayed.push(name);
  }
  return { values, stayed };
}

/** The field of a pair that names the entity goes with the other one. */
function leave(left: MovedReferences, { entity, id }: Former, field: string): void {
  if (entity.polymorphic.some(({ type }) => type.name === field)) return;
  const known = left.find((each) => each.entity === entity.name && each.field === field);
  if (!known) left.push({ entity: entity.name, field, ids: [id] });
  else if (!known.ids.includes(id)) known.ids.push(id);
}

/** References that still lead to the survivor go back; the others stay, and are told. */
async function movedBack(
  scope: Scope,
  { moved, survivorId, otherId }: Merge,
): Promise<{ readonly moves: (former: Former) => Values | undefined; readonly left: MovedReferences }> {
  const { kernel, entity } = scope;
  const back = new Map<string, Values>();
  const left: MovedReferences = [];
  for (const { entity: name, field, ids } of moved) {
    const reference = entity.referencedBy.find((each) => each.entity === name && each.field.name === field);
    const from = kernel.schema.entities.get(name);
    const current = from && reference ? await currentRows({ ...scope, entity: from }, ids) : new Map();
    const stayed: string[] = [];
    for (const id of ids) {
      const row = current.get(id);
      const to = row && referredBy(scope, reference!, row);
      const key = `${name} ${id}`;
      if (to === survivorId) back.set(key, { ...back.get(key), ...pointTo(reference!, otherId) });
      else if (to !== otherId) stayed.push(id);
    }
    if (stayed.length > 0) left.push({ entity: name, field, ids: stayed });
  }
  return { moves: ({ entity: from, id }) => back.get(`${from.name} ${id}`), left };
}
