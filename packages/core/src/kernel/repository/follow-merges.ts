/** What comes back may refer to records that were merged since: it refers to their survivors then, as all does that was there. */
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import type { Predicate } from "../storage/predicate.ts";
import { lockRecords } from "./lock-records.ts";
import { existing, type Reference, referencesOf } from "./lost-references.ts";
import { type ChangedVersions, MERGE } from "./merge.ts";
import { layoutOf, versionOf } from "./stored-row.ts";
import { updateAll } from "./update-records.ts";
import type { Returning } from "./version-rows.ts";
import { currentRows } from "./write-scope.ts";

/** The record that one that is gone is a part of now, and the merges that made it so. */
interface Survivor {
  readonly id: string;
  readonly mergeIds: readonly string[];
}

/** A record that refers to a survivor because of a merge: undoing that gives it back the version before. */
export interface FollowedMerge {
  readonly mergeId: string;
  readonly entity: EntitySchema;
  readonly id: string;
  readonly versionBefore: number;
}

/**
 * Of references to what is neither there nor coming back: undefined for what is simply gone. One query for each entity, and for each time that
 * a survivor was merged itself.
 */
export async function survivorsOf(
  scope: Scope,
  lost: readonly Reference[],
  returning: Returning,
): Promise<(reference: Reference) => Survivor | undefined> {
  const found = new Map<EntitySchema, Map<string, Survivor>>();
  let open = lost.map((reference) => ({ ...reference, sought: reference.id, mergeIds: [] as readonly string[] }));
  while (open.length > 0) {
    const steps = await stepsOf(scope, open);
    // Each merge is followed once: what was merged one way, and restored, may have been merged the other way since.
    const next = open.flatMap((each) => {
      const step = steps.get(each.to)?.get(each.id);
      if (!step || each.mergeIds.includes(step.mergeId)) return [];
      return [{ ...each, id: step.survivorId, mergeIds: [...each.mergeIds, step.mergeId] }];
    });
    const isThere = await existing(scope, next);
    const isFound = (each: Reference) => isThere(each) || (returning.get(each.to)?.has(each.id) ?? false);
    for (const { to, sought, id, mergeIds } of next.filter(isFound))
      found.set(to, (found.get(to) ?? new Map<string, Survivor>()).set(sought, { id, mergeIds }));
    open = next.filter((each) => !isFound(each));
  }
  return ({ to, id }) => found.get(to)?.get(id);
}

/** Rows as they come back, and the merges that were followed. */
export async function followMerges(
  scope: Scope,
  returning: Returning,
): Promise<{ readonly returning: Returning; readonly followed: readonly FollowedMerge[] }> {
  const all = [...returning].flatMap(([entity, ended]) =>
    [...ended.values()].flatMap(({ row }) => referencesOf({ ...scope, entity }, row)),
  );
  const outside = all.filter(({ to, id }) => !returning.get(to)?.has(id));
  const isThere = await existing(scope, outside);
  const lost = outside.filter((each) => !isThere(each));
  const survivorOf = await survivorsOf(scope, lost, returning);
  const followed: FollowedMerge[] = [];
  const rows = [...returning].map(([entity, ended]) => {
    const { positions } = layoutOf(entity);
    const after = [...ended].map(([id, each]) => {
      let { row } = each;
      for (const reference of referencesOf({ ...scope, entity }, row)) {
        const survivor = survivorOf(reference);
        if (!survivor) continue;
        row = row.with(positions.get(reference.field.columns[0]!.name)!, survivor.id);
        for (const mergeId of survivor.mergeIds)
          followed.push({ mergeId, entity, id, versionBefore: versionOf(each.row) });
      }
      return [id, { ...each, row }] as const;
    });
    return [entity, new Map(after)] as const;
  });
  return { returning: new Map(rows), followed };
}

/** To be called when they are written: the merges know of them, as if they had been there. What is not there is left out. */
export async function rememberFollowed(scope: Scope, followed: readonly FollowedMerge[]): Promise<void> {
  if (followed.length === 0) return;
  const merges = { ...scope, entity: scope.kernel.schema.entities.get(MERGE)! };
  const ids = [...new Set(followed.map(({ mergeId }) => mergeId))];
  await lockRecords(merges, ids);
  const current = await currentRows(merges, ids);
  const { decode } = layoutOf(merges.entity);
  for (const mergeId of ids) {
    let { versions } = decode(current.get(mergeId)!) as { readonly versions: ChangedVersions };
    const own = followed.filter((each) => each.mergeId === mergeId);
    for (const entity of new Set(own.map((each) => each.entity))) {
      const before = new Map(own.flatMap((each) => (each.entity === entity ? [[each.id, each.versionBefore]] : [])));
      const rows = await currentRows({ ...scope, entity }, [...before.keys()]);
      const records = [...rows].map(([id, row]): [string, number, number] => [id, before.get(id)!, versionOf(row)]);
      const known = versions.flatMap((each) => (each.entity === entity.name ? each.records : []));
      const kept = known.filter(([id]) => !rows.has(id));
      versions = versions.filter((each) => each.entity !== entity.name);
      versions.push({ entity: entity.name, records: [...kept, ...records] });
    }
    await updateAll(merges, [{ id: mergeId, version: undefined, patch: { versions } }]);
  }
}

interface Step {
  readonly mergeId: string;
  readonly survivorId: string;
}

/** The merges that hold, by what they took away. */
async function stepsOf(
  scope: Scope,
  gone: readonly Pick<Reference, "to" | "id">[],
): Promise<ReadonlyMap<EntitySchema, ReadonlyMap<string, Step>>> {
  const { kernel, binding } = scope;
  const { table, fields } = kernel.schema.entities.get(MERGE)!;
  const column = (name: string) => fields.get(name)!.columns[0]!.name;
  const where: Predicate = {
    kind: "and",
    of: [
      { kind: "compare", column: column("entityType"), operator: "eq", value: 0 },
      { kind: "in", column: column("otherId"), values: 1 },
      { kind: "null", column: column("unmergedAt") },
    ],
  };
  const columns = ["id", column("otherId"), column("survivorId")];
  const orderBy = [{ column: "id", direction: "asc" }] as const;
  const query = kernel.queries.intern({ table: table.name, columns, where, orderBy, include: [] });
  const steps = new Map<EntitySchema, Map<string, Step>>();
  for (const to of new Set(gone.map((each) => each.to))) {
    const ids = [...new Set(gone.flatMap((each) => (each.to === to ? [each.id] : [])))];
    const params = [to.name, ids];
    const rows = await kernel.units.session(binding.frame).find(query, { tenantId: binding.tenantId, params });
    const found = rows.map(([mergeId, otherId, survivorId]) => [otherId, { mergeId, survivorId }] as [string, Step]);
    steps.set(to, new Map(found));
  }
  return steps;
}
