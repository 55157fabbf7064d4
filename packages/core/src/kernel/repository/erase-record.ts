/** erase: takes a record's data out of the present, out of history and out of every place that was derived from it. */
import type { EntitySchema, IncomingReference } from "../entity/entity-schema.ts";
import { inputIssues, invalidInput } from "../entity/input-issues.ts";
import { DELIVERY } from "../event/delivery.ts";
import { instantOf, type Scope } from "../kernel.ts";
import { runAfter } from "../plugin/hooks.ts";
import type { Predicate } from "../storage/predicate.ts";
import type { WriteStep } from "../storage/query.ts";
import { createAll } from "./create-records.ts";
import { detachAll } from "./delete-records.ts";
import { mergedAway } from "./erase-merges.ts";
import { followReferences } from "./follow-references.ts";
import { referredBy, referringTo } from "./incoming-reference.ts";
import { lockRecords, retriedIfReferred } from "./lock-records.ts";
import { MERGE } from "./merge.ts";
import { agreedDeletion, type Deletion } from "./plan-deletion.ts";
import { notFound } from "./read-records.ts";
import { ID } from "./stored-row.ts";
import { addressed } from "./update-records.ts";
import { endedRows, lastVersions } from "./version-rows.ts";
import { type ChangedRows, writeChanges } from "./write-changes.ts";
import { atomically, currentRows } from "./write-scope.ts";

/** Records to be erased, by entity, the erased record's own first. */
type Erased = Map<EntitySchema, Set<string>>;

export async function eraseRecord(scope: Scope, given: unknown, reason: unknown): Promise<object> {
  const { kernel, entity, binding } = scope;
  const { id } = addressed(scope, given, undefined);
  const proof = kernel.schema.entities.get("erasure")!;
  const accepted = proof.fields.get("reason")!.codec.accepts.optional().safeParse(reason);
  if (!accepted.success)
    throw invalidInput(
      entity.name,
      inputIssues(accepted.error.issues, reason).map((issue) => ({ ...issue, field: "reason" })),
    );
  return atomically(scope, async (inUnit) => {
    const erased: Erased = new Map([[entity, new Set([id])]]);
    await lockRecords(inUnit, [id]);
    const row = (await currentRows(inUnit, [id])).get(id);
    if (!row && (await lastVersions(inUnit, [id])).size === 0) throw notFound(entity.name, id);
    const plan = row ? await agreedDeletion(inUnit, new Map([[entity, [row]]])) : undefined;
    for (const [other, rows] of plan?.deleted ?? []) add(erased, other, [...rows.keys()]);
    const merges = await addGone(inUnit, erased);
    const records = countOf(erased);
    const gone = await goneBefore(inUnit, erased, plan);
    if (plan) await detachAll(inUnit, plan);
    if (merges.size > 0) add(erased, kernel.schema.entities.get(MERGE)!, [...merges]);
    await addDeliveries(inUnit, erased);
    const steps = [...erased].map(
      ([other, ids]): WriteStep => ({ kind: "erase", table: other.table.name, ids: [...ids] }),
    );
    const changed = [...(plan?.deleted ?? [])].map(([other, rows]) => ({
      entity: other,
      changes: [...rows.values()].map((before) => ({ before, as: "erased" as const })),
    }));
    try {
      await writeChanges(inUnit, steps.reverse(), [...changed, ...gone]);
    } catch (error) {
      throw retriedIfReferred(kernel.schema.entities, error);
    }
    for (const { entity: other, changes } of changed)
      if (changes.length > 0) await runAfter({ ...inUnit, entity: other }, changes);
    const values = {
      entityType: entity.name,
      recordId: id,
      erasedAt: new Date(instantOf(inUnit)),
      erasedBy: binding.actorId,
      reason: accepted.data ?? null,
      records,
    };
    const [left] = await createAll({ ...inUnit, entity: proof }, [values]);
    return left!;
  });
}

/** What was deleted before: hooks have seen it go, and whoever has kept a copy of it is to hear that it is erased. */
async function goneBefore(scope: Scope, erased: Erased, plan: Deletion | undefined): Promise<readonly ChangedRows[]> {
  const gone: ChangedRows[] = [];
  for (const [entity, ids] of erased) {
    const before = [...ids].filter((id) => !plan?.deleted.get(entity)?.has(id));
    const last = await lastVersions({ ...scope, entity }, before);
    const changes = [...last.values()].map(({ row }) => ({ before: row, as: "erased" as const }));
    gone.push({ entity, changes, withoutHooks: true });
  }
  return gone;
}

/** What is still to be delivered of the records holds copies of them. */
async function addDeliveries(scope: Scope, erased: Erased): Promise<void> {
  const { kernel, binding } = scope;
  const entity = kernel.schema.entities.get(DELIVERY)!;
  const where: Predicate = {
    kind: "and",
    of: [
      { kind: "in", column: "record_id", values: 0 },
      { kind: "compare", column: "entity_type", operator: "eq", value: 1 },
    ],
  };
  const orderBy = [{ column: "id", direction: "asc" }] as const;
  const query = kernel.queries.intern({ table: entity.table.name, columns: ["id"], where, orderBy, include: [] });
  for (const [other, ids] of [...erased]) {
    const params = [[...ids], other.name];
    const rows = await kernel.units.session(binding.frame).find(query, { tenantId: binding.tenantId, params });
    if (rows.length > 0)
      add(
        erased,
        entity,
        rows.map(([delivery]) => delivery as string),
      );
  }
}

function add(erased: Erased, entity: EntitySchema, ids: readonly string[]): string[] {
  const known = erased.get(entity) ?? new Set<string>();
  const added = ids.filter((id) => !known.has(id));
  for (const id of added) known.add(id);
  erased.set(entity, known);
  return added;
}

function countOf(erased: Erased): number {
  return [...erased.values()].reduce((total, ids) => total + ids.size, 0);
}

/** What is in history only: what was merged into the records, what was deleted along, and so on. Returns the ids of the merges. */
async function addGone(scope: Scope, erased: Erased): Promise<ReadonlySet<string>> {
  const merges = new Set<string>();
  for (let known = 0; known < countOf(erased); ) {
    known = countOf(erased);
    const found = await mergedAway(scope, erased);
    for (const id of found.merges) merges.add(id);
    for (const [entity, ids] of found.records) add(erased, entity, ids);
    await addDeletedBefore(scope, erased);
  }
  return merges;
}

/** Records that would be deleted along, and were deleted before: of these only history is left. */
async function addDeletedBefore(scope: Scope, erased: Erased): Promise<void> {
  const from = new Map([...erased].map(([entity, ids]) => [entity, [...ids]]));
  await followReferences(scope, from, async (entity, reference, ids) => {
    if (reference.onDelete !== "cascade" || !entity.history) return [];
    return add(erased, entity, await deletedReferring({ ...scope, entity }, reference, ids));
  });
}

/** Records that are there no more, and referred to one of the ids when they were deleted. */
async function deletedReferring(scope: Scope, reference: IncomingReference, ids: readonly string[]): Promise<string[]> {
  const referring = await endedRows(scope, scope.entity, referringTo(reference, ids));
  const candidates = [...new Set(referring.map(({ row }) => row[ID] as string))];
  const current = await currentRows(scope, candidates);
  const gone = candidates.filter((id) => !current.has(id));
  const latest = await lastVersions(scope, gone);
  const sought = new Set<string | null>(ids);
  return gone.filter((id) => sought.has(referredBy(scope, reference, latest.get(id)!.row)));
}
