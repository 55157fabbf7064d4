/** merge: two records of an entity become one. */
import { CrmError } from "../../errors.ts";
import type { EntitySchema } from "../entity/entity-schema.ts";
import { invalidInput } from "../entity/input-issues.ts";
import { tellMerge } from "../event/merge-events.ts";
import type { Journal, NetChanges } from "../event/net-changes.ts";
import { instantOf, type Scope } from "../kernel.ts";
import { hasHook, runMerging, runWaiting } from "../plugin/hooks.ts";
import type { Row } from "../storage/query.ts";
import { acceptInput } from "./accept-input.ts";
import { acceptChoice, type Choice, chosenValues } from "./choose-values.ts";
import { createAll } from "./create-records.ts";
import { carryOut, setFields } from "./delete-records.ts";
import { referredBy } from "./incoming-reference.ts";
import { lockRecords, lockTargets } from "./lock-records.ts";
import { type ChangedVersions, type DroppedRecords, MERGE } from "./merge.ts";
import { agreedDeletion, type Deletion, type Roots } from "./plan-deletion.ts";
import { changesOf, type Moves, movedBy, ownLast, planMoves } from "./plan-moves.ts";
import { notFound, refuseUnknown } from "./read-records.ts";
import type { Merged } from "./repository.ts";
import { ID, layoutOf, versionOf } from "./stored-row.ts";
import { addressed, nextInstant } from "./update-records.ts";
import { atomically, currentRows, staleVersion } from "./write-scope.ts";

export interface MergeRequest {
  readonly take?: unknown;
  readonly values?: unknown;
  readonly versions?: unknown;
}

type Values = Record<string, unknown>;

interface Ends {
  readonly survivorId: string;
  readonly otherId: string;
}

export async function mergeRecords(
  scope: Scope,
  { survivorId: survivor, otherId: other }: { readonly survivorId: unknown; readonly otherId: unknown },
  request: MergeRequest,
): Promise<Merged<object>> {
  const { kernel, entity } = scope;
  refuseUnknown(scope, request, ["take", "values", "versions"]);
  const versions = (request.versions ?? {}) as Readonly<Record<string, unknown>>;
  refuseUnknown(scope, versions, ["survivor", "other"]);
  const [first, second] = [
    { ...addressed(scope, survivor, versions.survivor), field: "survivorId" },
    { ...addressed(scope, other, versions.other), field: "otherId" },
  ];
  const ends = { survivorId: first.id, otherId: second.id };
  if (first.id === second.id)
    throw invalidInput(entity.name, [
      { field: "otherId", code: "same_record", message: "must be another record than the survivor" },
    ]);
  const choice = acceptChoice(scope, request);
  return atomically(scope, async (inUnit) => {
    await lockRecords(inUnit, [first.id, second.id]);
    await lockTargets(inUnit, [{ type: entity.name, id: second.id }], "exclusive");
    const current = await currentRows(inUnit, [first.id, second.id]);
    for (const address of [first, second]) refuseUnusable(inUnit, current.get(address.id), address);
    const mergeId = kernel.newId();
    const journal: Journal = { changes: new Map(), outer: inUnit.binding.journal };
    const noted: Scope = { ...inUnit, binding: { ...inUnit.binding, journal } };
    const added = await askHooks(noted, ends, { mergeId, choice });
    const plan = await planMerge(noted, ends, { choice, added });
    const waiting: NetChanges = new Map();
    const deletion = await carryOutMerge({ ...noted, binding: { ...noted.binding, waiting } }, ends, plan);
    await runWaiting(noted, waiting);
    const before = current.get(first.id)!;
    const after = (await currentRows(inUnit, [first.id])).get(first.id);
    if (!after) throw notFound(entity.name, first.id);
    await remember(inUnit, ends, { mergeId, moves: plan.moves, deletion, changes: journal.changes, before, after });
    await tellMerge(inUnit, "merged", { mergeId, ...ends });
    return { mergeId, record: layoutOf(entity).decode(after) };
  });
}

function refuseUnusable(
  { entity }: Scope,
  row: Row | undefined,
  { id, version, field }: { readonly id: string; readonly version: number | undefined; readonly field: string },
): void {
  if (!row) throw notFound(entity.name, id);
  if (version !== undefined && version !== versionOf(row))
    throw staleVersion(entity.name, id, { expected: version, actual: versionOf(row) });
  if (row[layoutOf(entity).positions.get("archived_at")!] !== null)
    throw invalidInput(entity.name, [{ field, code: "archived", message: `is archived: restore "${id}" first` }]);
}

/** What plugins add to what the survivor gets. They may write as well, so nothing is planned before they are done. */
async function askHooks(
  scope: Scope,
  ends: Ends,
  { mergeId, choice }: { readonly mergeId: string; readonly choice: Choice },
): Promise<Values> {
  const { entity } = scope;
  if (!hasHook(scope, entity, "merging")) return {};
  const both = await bothRows(scope, ends);
  const input = await chosenValues(scope, { ...both, choice, drops: () => false });
  return runMerging(scope, { mergeId, ...both, input }, (plugin, patch) =>
    acceptInput({ entity, purpose: "change", plugin }, patch),
  );
}

async function bothRows(
  scope: Scope,
  { survivorId, otherId }: Ends,
): Promise<{ readonly survivor: Row; readonly other: Row }> {
  const current = await currentRows(scope, [survivorId, otherId]);
  const [survivor, other] = [survivorId, otherId].map((id) => {
    const row = current.get(id);
    if (!row) throw notFound(scope.entity.name, id);
    return row;
  }) as [Row, Row];
  return { survivor, other };
}

interface MergePlan {
  readonly survivor: Row;
  readonly moves: Moves;
  readonly values: Values;
  /** Its references are the other one's, which may be to what is archived; those that a caller gives may not. */
  readonly comesBack: boolean;
}

async function planMerge(
  scope: Scope,
  ends: Ends,
  { choice, added }: { readonly choice: Choice; readonly added: Values },
): Promise<MergePlan> {
  const moves = await planMoves(scope, ends);
  const both = await bothRows(scope, ends);
  // A merge is dated after the last change of either.
  for (const row of [both.survivor, both.other]) nextInstant(scope, row);
  const idsOf = new Map([...moves.dropped].map(([entity, rows]) => [entity, new Set(rows.map((row) => row[ID]))]));
  const drops = (entity: EntitySchema, id: string) => idsOf.get(entity)?.has(id) ?? false;
  const chosen = await chosenValues(scope, { ...both, choice, drops });
  const given = Object.keys({ ...choice.values, ...added });
  const comesBack = !given.some((name) => scope.entity.fields.get(name)!.definition.to !== undefined);
  return { survivor: both.survivor, moves, values: { ...chosen, ...added }, comesBack };
}

/**
 * References move first, and with them the survivor lets go of the other one; then the other one is deleted, and what is dropped. A
 * value that only one record may have is the survivor's after that.
 */
async function carryOutMerge(scope: Scope, { survivorId, otherId }: Ends, plan: MergePlan): Promise<Deletion> {
  const { entity } = scope;
  const { moves, comesBack } = plan;
  const { early, late } = inTurn(scope, plan, otherId);
  const moved = changesOf(moves, survivorId).map((change) => ({ ...change, comesBack: true }));
  await setFields(scope, ownLast(entity, [{ entity, id: survivorId, patch: early, comesBack }, ...moved]));
  const deletion = await agreedDeletion(scope, await goingRows(scope, otherId, moves));
  refuseLoss(scope, deletion, survivorId);
  await carryOut(scope, deletion);
  await setFields(scope, [{ entity, id: survivorId, patch: late, comesBack }]);
  return deletion;
}

/** As they are now: hooks of what was moved may have changed or deleted them. */
async function goingRows(scope: Scope, otherId: string, { dropped }: Moves): Promise<Roots> {
  const { entity } = scope;
  const ids = new Map([[entity, [otherId]]]);
  for (const [at, rows] of dropped) ids.set(at, [...(ids.get(at) ?? []), ...rows.map((row) => row[ID] as string)]);
  const going = new Map<EntitySchema, readonly Row[]>();
  for (const [at, wanted] of ids) {
    const current = await currentRows({ ...scope, entity: at }, wanted);
    if (at === entity && !current.has(otherId)) throw notFound(entity.name, otherId);
    going.set(at, [...current.values()]);
  }
  return going;
}

/** What the other one may have too, and must be alone to have, is written when it is gone. */
function inTurn(
  scope: Scope,
  { survivor, values }: MergePlan,
  otherId: string,
): { readonly early: Values; readonly late: Values } {
  const { entity } = scope;
  const ruled = new Set(entity.table.indexes.flatMap(({ unique, columns }) => (unique ? columns : [])));
  const toOther = entity.referencedBy
    .filter((reference) => reference.entity === entity.name && referredBy(scope, reference, survivor) === otherId)
    .flatMap(({ field, type }) => (type ? [field.name, type.name] : [field.name]));
  const early: Values = {};
  const late: Values = {};
  for (const [name, value] of Object.entries(values)) {
    const { columns, folded, definition } = entity.fields.get(name)!;
    const isRuled = [...columns, ...(folded ? [folded] : [])].some((column) => ruled.has(column.name));
    const mustLetGo = toOther.includes(name);
    if (!isRuled || (mustLetGo && definition.presence !== "optional")) early[name] = value;
    else {
      late[name] = value;
      if (mustLetGo) early[name] = null;
    }
  }
  return { early, late };
}

function refuseLoss({ entity }: Scope, { deleted }: Deletion, survivorId: string): void {
  if (!deleted.get(entity)?.has(survivorId)) return;
  const message = `${entity.name} "${survivorId}" cannot survive the merge: it refers to a record that is dropped, and would be deleted with it. Change that first.`;
  throw new CrmError("still_referenced", message, { details: { entity: entity.name, id: survivorId } });
}

interface Done {
  readonly mergeId: string;
  readonly moves: Moves;
  readonly deletion: Deletion;
  readonly changes: NetChanges;
  readonly before: Row;
  readonly after: Row;
}

async function remember(
  scope: Scope,
  ends: Ends,
  { mergeId, moves, deletion, changes, before, after }: Done,
): Promise<void> {
  const { kernel, binding, entity } = scope;
  const { positions } = layoutOf(entity);
  const changed = [...entity.fields.values()].filter(
    ({ plugin, columns }) =>
      plugin !== undefined && columns.some(({ name }) => before[positions.get(name)!] !== after[positions.get(name)!]),
  );
  const versions = await versionsOf(scope, changes);
  const values = {
    id: mergeId,
    entityType: entity.name,
    ...ends,
    mergedAt: new Date(instantOf(scope)),
    mergedBy: binding.actorId,
    moved: movedBy(moves),
    dropped: droppedBy(scope, ends, { deletion, versions }),
    changed: changed.map(({ name }) => name),
    versions,
  };
  await createAll({ ...scope, entity: kernel.schema.entities.get(MERGE)! }, [values]);
}

/** What is as it was at the beginning is left out: what was undone again, or was there for the duration of the merge only. */
async function versionsOf(scope: Scope, changes: NetChanges): Promise<ChangedVersions> {
  const versions: ChangedVersions = [];
  for (const [entity, ofEntity] of changes) {
    const current = await currentRows({ ...scope, entity }, [...ofEntity.keys()]);
    const records = [...ofEntity].flatMap(([id, { before }]): ChangedVersions[number]["records"] => {
      const now = current.get(id);
      const [was, is] = [before ? versionOf(before) : null, now ? versionOf(now) : null];
      return was === is ? [] : [[id, was, is]];
    });
    if (records.length > 0) versions.push({ entity: entity.name, records });
  }
  return versions;
}

/** What the plan deleted, what is referred to first; then what hooks did. */
function droppedBy(
  { entity }: Scope,
  { otherId }: Ends,
  { deletion, versions }: { readonly deletion: Deletion; readonly versions: ChangedVersions },
): DroppedRecords {
  const gone = new Map<string, Set<string>>();
  for (const { name } of deletion.deleted.keys()) gone.set(name, new Set());
  for (const { entity: name, records } of versions) {
    const ids = records.flatMap(([id, was, is]) => (was !== null && is === null ? [id] : []));
    const own = ids.filter((id) => name !== entity.name || id !== otherId);
    gone.set(name, new Set([...(gone.get(name) ?? []), ...own]));
  }
  return [...gone].flatMap(([name, ids]) => (ids.size === 0 ? [] : [{ entity: name, ids: [...ids] }]));
}
