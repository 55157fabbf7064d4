/** impact: what a delete would do, told beforehand. */
import type { Scope } from "../kernel.ts";
import { planDeletion, stillThere } from "./plan-deletion.ts";
import { notFound } from "./read-records.ts";
import type { Affected, AffectedBy, Impact } from "./repository.ts";
import { ID } from "./stored-row.ts";
import { addressed } from "./update-records.ts";
import { currentRows } from "./write-scope.ts";

/** So many ids are told of each kind. */
const EXAMPLES = 10;

export async function deletionImpact(scope: Scope, given: unknown): Promise<Impact> {
  const { entity } = scope;
  const { id } = addressed(scope, given, undefined);
  const row = (await currentRows(scope, [id])).get(id);
  if (!row) throw notFound(entity.name, id);
  const plan = await planDeletion(scope, new Map([[entity, [row]]]));
  const deleted = [...plan.deleted].flatMap(([{ name }, rows]): Affected[] => {
    const ids = [...rows.keys()].filter((each) => name !== entity.name || each !== id);
    return ids.length === 0 ? [] : [{ entity: name, ...counted(ids) }];
  });
  const refusing = plan.refusing.map(({ reference, row: each }) => ({ reference, ids: [each[ID] as string] }));
  return {
    ok: refusing.length === 0,
    refusing: byField(refusing),
    deleted,
    detached: byField(stillThere(scope, plan)),
  };
}

interface Group {
  readonly reference: { readonly entity: string; readonly field: { readonly name: string } };
  readonly ids: readonly string[];
}

function byField(groups: readonly Group[]): AffectedBy[] {
  const found = new Map<string, { readonly entity: string; readonly field: string; readonly ids: string[] }>();
  for (const { reference, ids } of groups) {
    const [entity, field] = [reference.entity, reference.field.name];
    const known = found.get(`${entity}.${field}`) ?? { entity, field, ids: [] };
    known.ids.push(...ids);
    if (known.ids.length > 0) found.set(`${entity}.${field}`, known);
  }
  return [...found.values()].map(({ entity, field, ids }) => ({ entity, field, ...counted(ids) }));
}

function counted(ids: readonly string[]): { readonly count: number; readonly ids: readonly string[] } {
  return { count: ids.length, ids: ids.slice(0, EXAMPLES) };
}
