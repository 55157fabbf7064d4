/** A new reference is to a record that is not archived, and that was there already at the instant of a dated write. */
import { CrmError } from "../../errors.ts";
import type { EntitySchema, FieldSchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import { oncePer } from "../once-per.ts";
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

const one: Predicate = { kind: "compare", column: "id", operator: "eq", value: 0 };
const many: Predicate = { kind: "in", column: "id", values: 0 };
const archived: Predicate = { kind: "not", of: { kind: "null", column: "archived_at" } };
const notYet: Predicate = { kind: "compare", column: "created_at", operator: "gt", value: 1 };
const isArchived = { one: both(one, archived), many: both(many, archived) };
const isNotYet = { one: both(one, notYet), many: both(many, notYet) };

function both(...of: readonly Predicate[]): Predicate {
  return { kind: "and", of };
}

/** What must not be, as steps that go before the write: the database checks it in the same list, without a read before. */
export function forbidUnusable(scope: Scope, written: readonly WrittenRow[]): WriteStep[] {
  const { at, frame } = scope.binding;
  // What only operations write is part of what it refers to, and goes on with it: the stays of an archived opportunity.
  const isPart = scope.entity.written === "operations";
  if (isPart && at === undefined) return [];
  const idsByTarget = new Map<string, Set<string>>();
  for (const { field, id } of newReferences(scope, written)) {
    const target = field.definition.to!;
    if (frame?.outgoing?.hasLive(target, id)) continue;
    const ids = idsByTarget.get(target);
    if (ids) ids.add(id);
    else idsByTarget.set(target, new Set([id]));
  }
  const steps: WriteStep[] = [];
  for (const [target, ids] of idsByTarget) {
    const { name: table } = scope.kernel.schema.entities.get(target)!.table;
    const size = ids.size === 1 ? "one" : "many";
    const of = size === "one" ? [...ids][0]! : [...ids];
    if (!isPart) steps.push({ kind: "forbid", table, where: isArchived[size], params: [of], reason: ARCHIVED });
    if (at !== undefined)
      steps.push({ kind: "forbid", table, where: isNotYet[size], params: [of, at], reason: NOT_YET });
  }
  return steps;
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

interface Reference {
  readonly field: FieldSchema;
  readonly id: string;
}

interface ReferringColumn {
  readonly field: FieldSchema;
  readonly column: string;
  readonly position: number;
}

const referringColumns: (entity: EntitySchema) => readonly ReferringColumn[] = oncePer((entity) => {
  const { positions } = layoutOf(entity);
  return [...entity.fields.values()].flatMap((field): ReferringColumn[] => {
    const column = field.columns[0]!.name;
    return field.definition.to === undefined ? [] : [{ field, column, position: positions.get(column)! }];
  });
});

function newReferences({ entity }: Scope, written: readonly WrittenRow[]): readonly Reference[] {
  const references: Reference[] = [];
  for (const { field, column, position } of referringColumns(entity)) {
    for (const { row, columns } of written) {
      const id = row[position] as string | null;
      if (id !== null && columns?.includes(column) !== false) references.push({ field, id });
    }
  }
  return references;
}
