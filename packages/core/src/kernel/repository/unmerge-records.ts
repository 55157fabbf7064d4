/** unmerge: what a merge has changed is written as it was, as far as nobody has changed it since. */
import type { EntitySchema } from "../entity/entity-schema.ts";
import { invalidInput } from "../entity/input-issues.ts";
import { tellMerge } from "../event/merge-events.ts";
import type { NetChanges } from "../event/net-changes.ts";
import { instantOf, type Scope } from "../kernel.ts";
import { runUnmerging, runWaiting } from "../plugin/hooks.ts";
import { carryOut, type FieldsToSet, setFields } from "./delete-records.ts";
import { type FollowedMerge, followMerges, rememberFollowed } from "./follow-merges.ts";
import { type Former, formerRecords } from "./former-records.ts";
import { formerValues, type Merge, type Patch } from "./former-values.ts";
import { lockRecords } from "./lock-records.ts";
import { existing, referencesOf } from "./lost-references.ts";
import { type DroppedRecords, MERGE } from "./merge.ts";
import { keyOf, keysTaken, onceRules, valuesOf } from "./once-rules.ts";
import { agreedDeletion } from "./plan-deletion.ts";
import { ownLast } from "./plan-moves.ts";
import { notFound } from "./read-records.ts";
import { noHistory } from "./read-session.ts";
import type { Unmerged } from "./repository.ts";
import { insertAgain } from "./restore-record.ts";
import { layoutOf, versionOf } from "./stored-row.ts";
import { addressed, updateAll } from "./update-records.ts";
import type { EndedRow, Returning } from "./version-rows.ts";
import { atomically, currentRows } from "./write-scope.ts";

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
    const inMerges = { ...merges, binding: inUnit.binding };
    await lockRecords(inMerges, [id]);
    const merge = await findMerge(inMerges, entity, id);
    const { survivorId, otherId } = merge;
    await lockRecords(inUnit, [survivorId, otherId]);
    if (!(await currentRows(inUnit, [survivorId])).has(survivorId)) throw notFound(entity.name, survivorId);
    const formers = await formerRecords(inUnit, merge.versions);
    const { returning, lost, followed } = await findDropped(inUnit, merge, formers);
    const { patches, left, kept, ...given } = await formerValues(inUnit, { merge, formers, returning });
    const waiting: NetChanges = new Map();
    await writeFormer(inUnit, { waiting, survivorId, formers, returning, patches });
    await rememberFollowed(inUnit, [...followed, ...given.followed]);
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
    if (isAdded(former)) added.set(former.entity, [...(added.get(former.entity) ?? []), former]);
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

/** Made by the merge, and as the merge has made it. */
function isAdded(former: Former): boolean {
  return former.versionBefore === null && former.versionAfter !== null && isUntouched(former);
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
): Promise<{
  readonly returning: Returning;
  readonly lost: DroppedRecords;
  readonly followed: readonly FollowedMerge[];
}> {
  const { kernel, entity } = scope;
  const gone = new Map<EntitySchema, Map<string, EndedRow>>([[entity, new Map()]]);
  for (const { entity: name } of dropped) {
    const from = kernel.schema.entities.get(name);
    if (from && !gone.has(from)) gone.set(from, new Map());
  }
  for (const { entity: from, id, versionAfter, current, before, ended } of formers)
    if (versionAfter === null && !current && before && ended) gone.get(from)?.set(id, { ...ended, row: before });
  const isThere = formers.some(({ entity: from, id, current }) => from === entity && id === otherId && current);
  if (!isThere && !gone.get(entity)!.has(otherId)) throw notFound(entity.name, otherId);
  const { followed, ...after } = await followMerges(scope, gone);
  const returning = new Map([...after.returning].map(([from, rows]) => [from, new Map(rows)]));
  await leaveTaken(scope, returning, { otherId, formers });
  await leaveLost(scope, returning, otherId);
  const lost = dropped.map(({ entity: name, ids }) => {
    const back = returning.get(kernel.schema.entities.get(name)!);
    return { entity: name, ids: ids.filter((id) => !back?.has(id)) };
  });
  return { returning, lost: lost.filter(({ ids }) => ids.length > 0), followed };
}

/** A dropped record that has what another one alone has by now does not come back. What the merge itself has made goes before. */
async function leaveTaken(
  scope: Scope,
  returning: ReadonlyMap<EntitySchema, Map<string, EndedRow>>,
  { otherId, formers }: { readonly otherId: string; readonly formers: readonly Former[] },
): Promise<void> {
  const going = new Set(formers.flatMap((former) => (isAdded(former) ? [former.id] : [])));
  for (const [entity, ended] of returning) {
    const rows = [...ended].flatMap(([id, { row }]) =>
      entity === scope.entity && id === otherId ? [] : [{ id, row }],
    );
    if (rows.length === 0) continue;
    for (const rule of onceRules(entity).filter(({ enforced }) => enforced)) {
      const wanted = rows.map(({ id, row }) => ({ id, values: valuesOf(entity, rule, row) }));
      const lists = wanted.map(({ values }) => values);
      const taken = await keysTaken({ ...scope, entity }, rule, lists);
      for (const { id, values } of wanted) {
        const holder = taken.get(keyOf(rule, values) ?? "");
        if (holder !== undefined && !going.has(holder)) ended.delete(id);
      }
    }
  }
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
