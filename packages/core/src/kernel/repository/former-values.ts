/** Which fields an undone merge gives back, and which stay as somebody has made them since. */
import type { FieldSchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import { compareText } from "../value/text.ts";
import { type FollowedMerge, survivorsOf } from "./follow-merges.ts";
import type { Former } from "./former-records.ts";
import { pointTo, referredBy } from "./incoming-reference.ts";
import { existing, type Reference, referencesOf } from "./lost-references.ts";
import type { ChangedVersions, DroppedRecords, MovedReferences } from "./merge.ts";
import { layoutOf } from "./stored-row.ts";
import type { Returning } from "./version-rows.ts";
import { currentRows } from "./write-scope.ts";

/** The record of a merge. */
export interface Merge {
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

/** What a record that is still there gets back. */
export interface Patch {
  readonly former: Former;
  readonly values: Values;
  /** Fields that refer to what comes back with the other one. */
  readonly refersToReturning: ReadonlySet<string>;
}

interface FormerValues {
  readonly patches: readonly Patch[];
  /** References to what was merged into another record since: they lead to that one. */
  readonly followed: readonly FollowedMerge[];
  readonly left: MovedReferences;
  readonly kept: readonly string[];
}

/** The fields as they were, where nobody has changed them since, and what they refer to is there. */
export async function formerValues(
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
  const isLost = (each: Reference) => !isThere(each) && !arrives(each);
  const survivorOf = await survivorsOf(scope, [...references.values()].flat().filter(isLost), returning);
  const followed: FollowedMerge[] = [];
  // What history knows of is told field by field.
  const knownRecords = new Set(known.map((former) => `${former.entity.name} ${former.id}`));
  const isKnown = (from: string, id: string) =>
    knownRecords.has(`${from} ${id}`) || (returning.get(scope.kernel.schema.entities.get(from)!)?.has(id) ?? false);
  const { moves, left } = await movedBack(scope, merge, isKnown);
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
    const gone = namesOf(own.filter((each) => isLost(each) && !survivorOf(each)));
    const { values, stayed } = valuesBack(former, gone);
    for (const reference of own) {
      const survivor = survivorOf(reference);
      if (!survivor || values[reference.field.name] !== reference.id) continue;
      values[reference.field.name] = survivor.id;
      const { entity: from, id, versionBefore } = former;
      for (const mergeId of survivor.mergeIds)
        followed.push({ mergeId, entity: from, id, versionBefore: versionBefore! });
    }
    if (Object.keys(values).length > 0)
      patches.push({
        former,
        values,
        refersToReturning: namesOf(own.filter((each) => arrives(each) || survivorOf(each))),
      });
    if (isSurvivor) kept = stayed;
    else for (const name of stayed) leave(left, former, name);
  }
  for (const { ids } of left) ids.sort(compareText);
  return { patches, followed, left, kept };
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
    // What is derived follows the fields that it is derived from.
    else if (field.definition.written !== "derived") stayed.push(name);
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
  isKnown: (entity: string, id: string) => boolean,
): Promise<{ readonly moves: (former: Former) => Values | undefined; readonly left: MovedReferences }> {
  const { kernel, entity } = scope;
  const back = new Map<string, Values>();
  const left: MovedReferences = [];
  for (const { entity: name, field, ids: all } of moved) {
    const ids = all.filter((id) => !isKnown(name, id));
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
