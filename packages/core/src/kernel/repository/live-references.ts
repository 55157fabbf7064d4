/** A new reference is to a record that is not archived, and that was there already at the instant of a dated write. */
import { CrmError } from "../../errors.ts";
import type { FieldSchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import type { Predicate } from "../storage/predicate.ts";
import type { WriteStep } from "../storage/query.ts";
import type { Storable } from "../storage/storage-schema.ts";
import { layoutOf } from "./stored-row.ts";

/** A row as it is about to be, and the columns of it that are new. */
export interface WrittenRow {
  readonly row: readonly Storable[];
  /** All, unless given. */
  readonly columns?: readonly string[];
}

const ARCHIVED = "archived";
const NOT_YET = "not there yet";

/** What must not be, as steps that go before the write: the database checks it in the same list, without a read before. */
export function forbidUnusable(scope: Scope, written: readonly WrittenRow[]): WriteStep[] {
  const idsByTarget = new Map<string, Set<string>>();
  const { outgoing } = scope.binding.frame ?? {};
  for (const { field, id } of newReferences(scope, written)) {
    const target = field.definition.to!;
    if (outgoing?.hasLive(target, id)) continue;
    const ids = idsByTarget.get(target) ?? new Set();
    idsByTarget.set(target, ids.add(id));
  }
  const { at } = scope.binding;
  // What only operations write is part of what it refers to, and goes on with it: the stays of an archived opportunity.
  const isPart = scope.entity.written === "operations";
  return [...idsByTarget].flatMap(([target, ids]): WriteStep[] => {
    const table = scope.kernel.schema.entities.get(target)!.table.name;
    const among: Predicate = { kind: "in", column: "id", values: 0 };
    const forbid = (condition: Predicate, reason: string, params: readonly Storable[] = []): WriteStep => ({
      kind: "forbid",
      table,
      where: { kind: "and", of: [among, condition] },
      params: [[...ids], ...params],
      reason,
    });
    return [
      ...(isPart ? [] : [forbid({ kind: "not", of: { kind: "null", column: "archived_at" } }, ARCHIVED)]),
      ...(at === undefined
        ? []
        : [forbid({ kind: "compare", column: "created_at", operator: "gt", value: 1 }, NOT_YET, [at])]),
    ];
  });
}

/** Says which field it was, where a step of `forbidUnusable` has failed; any other error is itself. */
export function explainUnusable(scope: Scope, written: readonly WrittenRow[], error: unknown): unknown {
  if (!CrmError.is(error, "guard_failed")) return error;
  const { entity: target, ids = [], reason } = error.details;
  if (reason !== ARCHIVED && reason !== NOT_YET) return error;
  const broken = newReferences(scope, written).find(
    ({ field, id }) => field.definition.to === target && (ids as readonly string[]).includes(id),
  );
  if (!broken) return error;
  const where = `${scope.entity.name}.${broken.field.name} refers to "${broken.id}"`;
  const details = { entity: scope.entity.name, field: broken.field.name, reference: broken.id };
  if (reason === ARCHIVED) {
    const message = `${where}, which is archived: restore it first, or choose another ${target}.`;
    return new CrmError("reference_archived", message, { details, cause: error });
  }
  const at = new Date(scope.binding.at!);
  const message = `${where}, which did not exist yet at ${at.toISOString()}: date that ${target} earlier, or this write later.`;
  return new CrmError("reference_not_found", message, { details: { ...details, at }, cause: error });
}

function newReferences(
  { entity }: Scope,
  written: readonly WrittenRow[],
): readonly { readonly field: FieldSchema; readonly id: string }[] {
  const { positions } = layoutOf(entity);
  return [...entity.fields.values()].flatMap((field) => {
    if (field.definition.to === undefined) return [];
    const column = field.columns[0]!.name;
    return written.flatMap(({ row, columns }) => {
      const id = row[positions.get(column)!] as string | null;
      return id === null || columns?.includes(column) === false ? [] : [{ field, id }];
    });
  });
}
