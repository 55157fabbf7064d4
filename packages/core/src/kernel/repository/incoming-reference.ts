/** A reference as its target sees it: which rows refer by it, to what, and how that is changed. */
import type { IncomingReference } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import type { Predicate } from "../storage/predicate.ts";
import type { Bindings, Row } from "../storage/query.ts";
import { layoutOf } from "./stored-row.ts";

export interface Condition {
  readonly where: Predicate;
  readonly params: Bindings["params"];
}

/** Rows that refer by it to one of these ids. */
export function referringTo({ field, type, target }: IncomingReference, ids: readonly string[]): Condition {
  const among: Predicate = { kind: "in", column: field.columns[0]!.name, values: 0 };
  if (!type) return { where: among, params: [ids] };
  const named: Predicate = { kind: "compare", column: type.columns[0]!.name, operator: "eq", value: 1 };
  return { where: { kind: "and", of: [among, named] }, params: [ids, target] };
}

/** The id that a row of the referring entity refers to by it; null where it refers to nothing, or to a record of another entity. */
export function referredBy({ kernel }: Pick<Scope, "kernel">, reference: IncomingReference, row: Row): string | null {
  const { positions } = layoutOf(kernel.schema.entities.get(reference.entity)!);
  const { field, type, target } = reference;
  if (type && row[positions.get(type.columns[0]!.name)!] !== target) return null;
  return row[positions.get(field.columns[0]!.name)!] as string | null;
}

/** What a record that refers by it gets, to refer to this id, or to nothing. */
export function pointTo(
  { field, type, target }: IncomingReference,
  id: string | null,
): Readonly<Record<string, unknown>> {
  return { [field.name]: id, ...(type ? { [type.name]: id === null ? null : target } : {}) };
}
