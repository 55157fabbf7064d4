/** delete: with what its references say becomes of the records that refer to it. */
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import { runAfter } from "../plugin/hooks.ts";
import type { WriteStep } from "../storage/query.ts";
import { listOf } from "./accept-input.ts";
import { pointTo } from "./incoming-reference.ts";
import { retriedIfReferred } from "./lock-records.ts";
import { agreedDeletion, type Deletion, stillThere } from "./plan-deletion.ts";
import { notFound } from "./read-records.ts";
import { ID, versionOf } from "./stored-row.ts";
import { addressed, type Change, nextInstant, refuseRepeated, updateAll } from "./update-records.ts";
import { writeChanges } from "./write-changes.ts";
import { atomically, currentRows, staleVersion } from "./write-scope.ts";

export async function deleteRecord(scope: Scope, id: unknown, version: unknown): Promise<void> {
  const { entity } = scope;
  const address = addressed(scope, id, version);
  return atomically(scope, async (inUnit) => {
    const row = (await currentRows(inUnit, [address.id], { toChange: true })).get(address.id);
    if (!row) throw notFound(entity.name, address.id);
    if (address.version !== undefined && address.version !== versionOf(row)) {
      throw staleVersion(entity.name, address.id, { expected: address.version, actual: versionOf(row) });
    }
    await carryOut(inUnit, await agreedDeletion(inUnit, new Map([[entity, [row]]])));
  });
}

/** All or nothing. What refers to several of them goes once. */
export async function deleteRecords(scope: Scope, given: unknown): Promise<void> {
  const { entity } = scope;
  const addresses = listOf(scope, given).map((id) => addressed(scope, id, undefined));
  refuseRepeated(scope, addresses);
  if (addresses.length === 0) return;
  const ids = addresses.map(({ id }) => id);
  return atomically(scope, async (inUnit) => {
    const rows = await currentRows(inUnit, ids, { toChange: true });
    const absent = ids.find((id) => !rows.has(id));
    if (absent !== undefined) throw notFound(entity.name, absent);
    await carryOut(inUnit, await agreedDeletion(inUnit, new Map([[entity, [...rows.values()]]])));
  });
}

/** Clears the references that are to be cleared, of records that stay: all those of one record in one change. */
export async function detachAll(scope: Scope, plan: Deletion): Promise<void> {
  const cleared = stillThere(scope, plan).flatMap(({ reference, ids }): FieldsToSet[] => {
    const entity = scope.kernel.schema.entities.get(reference.entity)!;
    return ids.map((id) => ({ entity, id, patch: pointTo(reference, null) }));
  });
  await setFields(scope, cleared);
}

export interface FieldsToSet {
  readonly entity: EntitySchema;
  readonly id: string;
  readonly patch: Readonly<Record<string, unknown>>;
  /** It was so before, if in another record: its references may be to what is archived. */
  readonly comesBack?: boolean;
}

/** What is to be set in one record is one change of it, and makes one version. Those of one entity are one write. */
export async function setFields(scope: Scope, all: readonly FieldsToSet[]): Promise<void> {
  const byEntity = new Map<EntitySchema, Map<string, Change>>();
  for (const { entity, id, patch, comesBack = false } of all) {
    const changes = byEntity.get(entity) ?? new Map<string, Change>();
    const known = changes.get(id);
    byEntity.set(entity, changes.set(id, { id, version: undefined, patch: { ...known?.patch, ...patch }, comesBack }));
  }
  for (const [entity, changes] of byEntity) await updateAll({ ...scope, entity }, [...changes.values()]);
}

/** Detaches and deletes what was agreed on, in one list of statements for each, and tells hooks. */
export async function carryOut(scope: Scope, plan: Deletion): Promise<void> {
  const { binding } = scope;
  const batches = [...plan.deleted].map(([entity, rows]) => ({
    entity,
    rows: [...rows.values()],
    changes: [...rows.values()].map((before) => ({ before })),
  }));
  await detachAll(scope, plan);
  const steps = batches.reverse().flatMap(({ entity, rows }): WriteStep[] =>
    rows.length === 0
      ? []
      : [
          {
            kind: "delete",
            table: entity.table.name,
            rows: rows.map((row) => ({
              id: row[ID] as string,
              version: versionOf(row),
              endedAt: nextInstant({ ...scope, entity }, row),
            })),
            endedBy: binding.actorId,
          },
        ],
  );
  try {
    await writeChanges(scope, steps, batches);
  } catch (error) {
    throw retriedIfReferred(scope.kernel.schema.entities, error);
  }
  for (const { entity, changes } of batches) if (changes.length > 0) await runAfter({ ...scope, entity }, changes);
}
