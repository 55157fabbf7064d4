/** References of rows that were there before, to records that are there no more. */
import type { EntitySchema, FieldSchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import type { Row } from "../storage/query.ts";
import { targetOf } from "./check-pairs.ts";
import { layoutOf } from "./stored-row.ts";
import { currentRows } from "./write-scope.ts";

/** A field of a row that has the id of another record. */
export interface Reference {
  readonly field: FieldSchema;
  /** Of a pair: the field that names the entity. */
  readonly type?: FieldSchema;
  readonly onDelete: string;
  readonly to: EntitySchema;
  readonly id: string;
}

/** What the row refers to, of entities that are installed. */
export function referencesOf({ kernel, entity }: Scope, row: Row): readonly Reference[] {
  const { positions } = layoutOf(entity);
  const stored = (field: FieldSchema) => row[positions.get(field.columns[0]!.name)!] as string | null;
  const found: Reference[] = [];
  for (const field of entity.fields.values()) {
    const { to, onDelete = "refuse" } = field.definition;
    const id = to === undefined ? null : stored(field);
    if (id !== null) found.push({ field, onDelete, to: kernel.schema.entities.get(to!)!, id });
  }
  for (const { type, id: field, onDelete } of entity.polymorphic) {
    const [name, id] = [stored(type), stored(field)];
    const to = name === null ? undefined : targetOf({ kernel }, name);
    if (to && id !== null) found.push({ field, type, onDelete, to, id });
  }
  return found;
}

/** One query for each entity that is referred to. */
export async function existing(
  scope: Scope,
  references: readonly Reference[],
): Promise<(reference: Reference) => boolean> {
  const idsOf = new Map<EntitySchema, Set<string>>();
  for (const { to, id } of references) idsOf.set(to, (idsOf.get(to) ?? new Set()).add(id));
  const there = new Map<EntitySchema, ReadonlyMap<string, Row>>();
  for (const [entity, ids] of idsOf) there.set(entity, await currentRows({ ...scope, entity }, [...ids]));
  return ({ to, id }) => there.get(to)?.has(id) ?? false;
}
