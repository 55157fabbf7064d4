/** erase: takes a record's data out of the present, out of history and out of every place that was derived from it. */
import type { EntitySchema } from "../entity/entity-schema.ts";
import { inputIssues, invalidInput } from "../entity/input-issues.ts";
import { instantOf, type Scope } from "../kernel.ts";
import { runAfter } from "../plugin/hooks.ts";
import type { Predicate } from "../storage/predicate.ts";
import type { WriteStep } from "../storage/query.ts";
import { createAll } from "./create-records.ts";
import { detachAll, planDeletion } from "./delete-records.ts";
import { notFound } from "./read-records.ts";
import { layoutOf } from "./stored-row.ts";
import { addressed } from "./update-records.ts";
import { endedRows, lastVersions } from "./version-rows.ts";
import { atomically, currentRows, ID } from "./write-scope.ts";

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
    const row = (await currentRows(inUnit, [id])).get(id);
    if (!row && (await lastVersions(inUnit, [id])).size === 0) throw notFound(entity.name, id);
    const plan = row ? await planDeletion(inUnit, row) : undefined;
    for (const [other, rows] of plan?.deleted ?? []) add(erased, other, [...rows.keys()]);
    await addDeletedBefore(inUnit, erased);
    if (plan) await detachAll(inUnit, plan);
    const steps = [...erased].map(
      ([other, ids]): WriteStep => ({ kind: "erase", table: other.table.name, ids: [...ids] }),
    );
    await kernel.units.session(inUnit.binding.frame).write(binding.tenantId, steps.reverse());
    for (const [other, rows] of plan?.deleted ?? []) {
      const own = { ...inUnit, entity: other };
      const { decode } = layoutOf(other);
      if (rows.size > 0)
        await runAfter(
          own,
          [...rows.values()].map((gone) => ({ before: decode(gone) })),
        );
    }
    const at = new Date(instantOf(inUnit));
    const [left] = await createAll({ ...inUnit, entity: proof }, [
      {
        entityType: entity.name,
        recordId: id,
        erasedAt: at,
        erasedBy: binding.actorId,
        reason: accepted.data ?? null,
        records: [...erased.values()].reduce((total, ids) => total + ids.size, 0),
      },
    ]);
    return left!;
  });
}

function add(erased: Erased, entity: EntitySchema, ids: readonly string[]): string[] {
  const known = erased.get(entity) ?? new Set<string>();
  const added = ids.filter((id) => !known.has(id));
  for (const id of added) known.add(id);
  erased.set(entity, known);
  return added;
}

/** Records that would be deleted along, and were deleted before: of these only history is left. */
async function addDeletedBefore(scope: Scope, erased: Erased): Promise<void> {
  let level = new Map([...erased].map(([entity, ids]) => [entity, [...ids]]));
  while (level.size > 0) {
    const next = new Map<EntitySchema, string[]>();
    for (const [target, ids] of level) {
      for (const { entity: name, field, onDelete } of target.referencedBy) {
        const entity = scope.kernel.schema.entities.get(name)!;
        if (onDelete !== "cascade" || !entity.history) continue;
        const column = field.columns[0]!.name;
        const added = add(erased, entity, await deletedReferring({ ...scope, entity }, column, ids));
        if (added.length > 0) next.set(entity, [...(next.get(entity) ?? []), ...added]);
      }
    }
    level = next;
  }
}

/** Records that are there no more, and referred to one of the ids when they were deleted. */
async function deletedReferring(scope: Scope, column: string, ids: readonly string[]): Promise<string[]> {
  const { entity } = scope;
  const where: Predicate = { kind: "in", column, values: 0 };
  const referring = await endedRows(scope, entity, { where, params: [ids] });
  const candidates = [...new Set(referring.map(({ row }) => row[ID] as string))];
  const current = await currentRows(scope, candidates);
  const gone = candidates.filter((id) => !current.has(id));
  const position = layoutOf(entity).positions.get(column)!;
  const latest = await lastVersions(scope, gone);
  return gone.filter((id) => ids.includes(latest.get(id)!.row[position] as string));
}
