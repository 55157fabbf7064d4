/** What a deletion would do, by what references say, before anything is written. */
import { CrmError } from "../../errors.ts";
import type { EntitySchema, IncomingReference } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import { hasHook, runBeforeDelete } from "../plugin/hooks.ts";
import type { Row } from "../storage/query.ts";
import { followReferences } from "./follow-references.ts";
import { referringTo } from "./incoming-reference.ts";
import { lockReferred } from "./lock-records.ts";
import { notFound } from "./read-records.ts";
import { ID, layoutOf } from "./stored-row.ts";
import { currentRows } from "./write-scope.ts";

interface Referring {
  readonly reference: IncomingReference;
  readonly row: Row;
}

export interface Deletion {
  /** What goes, by entity, in the order in which it was found: what refers comes after what it refers to. */
  readonly deleted: Map<EntitySchema, Map<string, Row>>;
  readonly detached: { readonly reference: IncomingReference; readonly ids: readonly string[] }[];
}

/** A deletion as it would be, and what forbids it: nothing, where it may be carried out. */
export interface PlannedDeletion extends Deletion {
  readonly refusing: readonly Referring[];
}

/** The records that are to be deleted, by entity, the one that it is about first. */
export type Roots = ReadonlyMap<EntitySchema, readonly Row[]>;

/**
 * Asks the hooks of all that would go, the records themselves first. They may delete or change what refers to them, so the plan is made
 * anew until nothing is in it that was not asked about. @throws `still_referenced`, and what hooks throw.
 */
export async function agreedDeletion(scope: Scope, roots: Roots): Promise<Deletion> {
  const { kernel } = scope;
  const asked = new Set<string>();
  const ask = async (at: EntitySchema, found: readonly Row[]): Promise<boolean> => {
    const fresh = found.filter((row) => !asked.has(`${at.name} ${row[ID]}`));
    for (const row of fresh) asked.add(`${at.name} ${row[ID]}`);
    if (fresh.length === 0 || !hasHook({ kernel }, at, "beforeDelete")) return false;
    await runBeforeDelete({ ...scope, entity: at }, fresh);
    return true;
  };
  let going = roots;
  let stale = false;
  for (const [at, rows] of roots) if (await ask(at, rows)) stale = true;
  for (;;) {
    if (stale) going = await readAgain(scope, going);
    const plan = await planDeletion(scope, going, (reference, ids) => lockReferred(scope, reference, ids));
    refuseReferenced(plan, roots);
    stale = false;
    for (const [at, found] of plan.deleted) if (await ask(at, [...found.values()])) stale = true;
    if (!stale) return plan;
  }
}

async function readAgain(scope: Scope, roots: Roots): Promise<Roots> {
  const fresh = new Map<EntitySchema, readonly Row[]>();
  for (const [entity, rows] of roots) {
    const ids = rows.map((row) => row[ID] as string);
    const current = await currentRows({ ...scope, entity }, ids);
    const gone = ids.find((id) => !current.has(id));
    if (gone !== undefined) throw notFound(entity.name, gone);
    fresh.set(
      entity,
      ids.map((id) => current.get(id)!),
    );
  }
  return fresh;
}

/** One query for each reference and each level that is reached; `looking` is called before each. */
export async function planDeletion(
  scope: Scope,
  roots: Roots,
  looking: (reference: IncomingReference, ids: readonly string[]) => Promise<void> = async () => {},
): Promise<PlannedDeletion> {
  const { kernel } = scope;
  const plan: Deletion = { deleted: new Map(), detached: [] };
  const from = new Map<EntitySchema, readonly string[]>();
  for (const [entity, rows] of roots) {
    const byId = new Map(rows.map((row) => [row[ID] as string, row]));
    plan.deleted.set(entity, byId);
    from.set(entity, [...byId.keys()]);
  }
  const refusing: Referring[] = [];
  await followReferences(scope, from, async (entity, reference, ids) => {
    const known = plan.deleted.get(entity) ?? new Map<string, Row>();
    await looking(reference, ids);
    const found = (await referringRows({ ...scope, entity }, reference, ids)).filter(
      (row) => !known.has(row[ID] as string),
    );
    const foundIds = found.map((row) => row[ID] as string);
    switch (reference.onDelete) {
      case "refuse":
        refusing.push(...found.map((row) => ({ reference, row })));
        return [];
      case "detach":
        if (foundIds.length > 0) plan.detached.push({ reference, ids: foundIds });
        return [];
      case "cascade":
        for (const row of found) known.set(row[ID] as string, row);
        plan.deleted.set(entity, known);
        return foundIds;
    }
  });
  // A record that would keep the target from going does not, when it goes too.
  const staying = refusing.filter(
    ({ reference, row }) => !plan.deleted.get(kernel.schema.entities.get(reference.entity)!)?.has(row[ID] as string),
  );
  return { ...plan, refusing: staying };
}

/** The rows, whole, that refer by it to one of these ids. */
export function referringRows(
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

function refuseReferenced({ refusing }: PlannedDeletion, roots: Roots): void {
  const first = refusing[0]?.reference;
  if (!first) return;
  const [[{ name }, rows]] = [...roots] as [[EntitySchema, readonly Row[]]];
  const id = rows[0]![ID] as string;
  const count = refusing.filter(({ reference }) => reference === first).length;
  throw new CrmError(
    "still_referenced",
    `${name} "${id}" cannot be deleted: ${count} ${count === 1 ? "record" : "records"} of ${first.entity} ${count === 1 ? "refers" : "refer"} to it by ${first.field.name}. Change or delete those first, or archive the ${name}.`,
    { details: { entity: first.entity, field: first.field.name, id, count } },
  );
}

/** Of what a deletion detaches, what is not deleted by it. */
export function stillThere(
  { kernel }: Pick<Scope, "kernel">,
  { deleted, detached }: Deletion,
): { readonly reference: IncomingReference; readonly ids: readonly string[] }[] {
  return detached.map(({ reference, ids }) => {
    const gone = deleted.get(kernel.schema.entities.get(reference.entity)!);
    return { reference, ids: ids.filter((id) => !gone?.has(id)) };
  });
}
