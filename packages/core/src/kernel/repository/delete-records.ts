/** delete: with what its references say becomes of the records that refer to it. */
import { CrmError } from "../../errors.ts";
import type { EntitySchema, IncomingReference } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import { hasHook, runAfter, runBeforeDelete } from "../plugin/hooks.ts";
import type { Row, WriteStep } from "../storage/query.ts";
import { followReferences } from "./follow-references.ts";
import { pointTo, referringTo } from "./incoming-reference.ts";
import { notFound } from "./read-records.ts";
import { ID, layoutOf, versionOf } from "./stored-row.ts";
import { addressed, nextInstant, updateAll } from "./update-records.ts";
import { writeChanges } from "./write-changes.ts";
import { atomically, currentRows, staleVersion } from "./write-scope.ts";

export async function deleteRecord(scope: Scope, id: unknown, version: unknown): Promise<void> {
  const { entity } = scope;
  const address = addressed(scope, id, version);
  return atomically(scope, async (inUnit) => {
    const row = (await currentRows(inUnit, [address.id])).get(address.id);
    if (!row) throw notFound(entity.name, address.id);
    if (address.version !== undefined && address.version !== versionOf(row)) {
      throw staleVersion(entity.name, address.id, { expected: address.version, actual: versionOf(row) });
    }
    await carryOut(inUnit, await agreedDeletion(inUnit, row));
  });
}

/**
 * Asks the hooks of all that would go, the record itself first. They may delete or change what refers to it, so the plan is made
 * anew until nothing is in it that was not asked about.
 */
export async function agreedDeletion(scope: Scope, row: Row): Promise<Deletion> {
  const { kernel, entity } = scope;
  const id = row[ID] as string;
  const asked = new Set<string>();
  const ask = async (at: EntitySchema, rows: readonly Row[]): Promise<boolean> => {
    const fresh = rows.filter((found) => !asked.has(`${at.name} ${found[ID]}`));
    for (const found of fresh) asked.add(`${at.name} ${found[ID]}`);
    if (fresh.length === 0 || !hasHook({ kernel }, at, "beforeDelete")) return false;
    await runBeforeDelete({ ...scope, entity: at }, fresh);
    return true;
  };
  let going = row;
  let stale = await ask(entity, [row]);
  for (;;) {
    if (stale) {
      const current = (await currentRows(scope, [id])).get(id);
      if (!current) throw notFound(entity.name, id);
      going = current;
    }
    const plan = await planDeletion(scope, going);
    stale = false;
    for (const [at, rows] of plan.deleted) if (await ask(at, [...rows.values()])) stale = true;
    if (!stale) return plan;
  }
}

interface Referring {
  readonly reference: IncomingReference;
  readonly row: Row;
}

export interface Deletion {
  /** What goes, by entity, in the order in which it was found: what refers comes after what it refers to. */
  readonly deleted: Map<EntitySchema, Map<string, Row>>;
  readonly detached: { readonly reference: IncomingReference; readonly ids: readonly string[] }[];
}

async function planDeletion(scope: Scope, row: Row): Promise<Deletion> {
  const id = row[ID] as string;
  const plan: Deletion = { deleted: new Map([[scope.entity, new Map([[id, row]])]]), detached: [] };
  const refusing: Referring[] = [];
  await followReferences(scope, new Map([[scope.entity, [id]]]), async (entity, reference, ids) => {
    const known = plan.deleted.get(entity) ?? new Map<string, Row>();
    const rows = (await referringRows({ ...scope, entity }, reference, ids)).filter(
      (found) => !known.has(found[ID] as string),
    );
    const found = rows.map((each) => each[ID] as string);
    switch (reference.onDelete) {
      case "refuse":
        refusing.push(...rows.map((each) => ({ reference, row: each })));
        return [];
      case "detach":
        if (found.length > 0) plan.detached.push({ reference, ids: found });
        return [];
      case "cascade":
        for (const each of rows) known.set(each[ID] as string, each);
        plan.deleted.set(entity, known);
        return found;
    }
  });
  refuseReferenced(scope, plan, { refusing, id });
  return plan;
}

function referringRows(
  { kernel, binding, entity }: Scope,
  reference: IncomingReference,
  ids: readonly string[],
): Promise<readonly Row[]> {
  const { where, params } = referringTo(reference, ids);
  const query = kernel.queries.intern({
    table: entity.table.name,
    columns: layoutOf(entity).columns,
    where,
    orderBy: [{ column: "id", direction: "asc" }] as const,
    include: [],
  });
  return kernel.units.session(binding.frame).find(query, { tenantId: binding.tenantId, params });
}

/** A record that would keep the target from going does not, when it goes too. */
function refuseReferenced(
  { kernel, entity }: Scope,
  plan: Deletion,
  { refusing, id }: { readonly refusing: readonly Referring[]; readonly id: string },
): void {
  const blocking = refusing.filter(
    ({ reference, row }) => !plan.deleted.get(kernel.schema.entities.get(reference.entity)!)?.has(row[ID] as string),
  );
  const first = blocking[0]?.reference;
  if (!first) return;
  const count = blocking.filter(({ reference }) => reference === first).length;
  throw new CrmError(
    "still_referenced",
    `${entity.name} "${id}" cannot be deleted: ${count} ${count === 1 ? "record" : "records"} of ${first.entity} ${count === 1 ? "refers" : "refer"} to it by ${first.field.name}. Change or delete those first, or archive the ${entity.name}.`,
    { details: { entity: first.entity, field: first.field.name, id, count } },
  );
}

/** Clears the references that are to be cleared, of records that stay: all those of one record in one change. */
export async function detachAll(scope: Scope, { deleted, detached }: Deletion): Promise<void> {
  const cleared: FieldsToSet[] = detached.flatMap(({ reference, ids }) => {
    const entity = scope.kernel.schema.entities.get(reference.entity)!;
    const staying = ids.filter((id) => !deleted.get(entity)?.has(id));
    return staying.map((id) => ({ entity, id, patch: pointTo(reference, null) }));
  });
  await setFields(scope, cleared);
}

export interface FieldsToSet {
  readonly entity: EntitySchema;
  readonly id: string;
  readonly patch: Readonly<Record<string, unknown>>;
}

/** What is to be set in one record is one change of it, and makes one version. `comeBack`: it is as it was before a deletion. */
export async function setFields(
  scope: Scope,
  all: readonly FieldsToSet[],
  { comeBack = false }: { readonly comeBack?: boolean } = {},
): Promise<void> {
  const patches = new Map<EntitySchema, Map<string, Record<string, unknown>>>();
  for (const { entity, id, patch } of all) {
    const ofEntity = patches.get(entity) ?? new Map<string, Record<string, unknown>>();
    patches.set(entity, ofEntity.set(id, { ...ofEntity.get(id), ...patch }));
  }
  for (const [entity, ofEntity] of patches) {
    const changes = [...ofEntity].map(([id, patch]) => ({ id, version: undefined, patch, comesBack: comeBack }));
    await updateAll({ ...scope, entity }, changes);
  }
}

async function carryOut(scope: Scope, plan: Deletion): Promise<void> {
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
  await writeChanges(scope, steps, batches);
  for (const { entity, changes } of batches) if (changes.length > 0) await runAfter({ ...scope, entity }, changes);
}
