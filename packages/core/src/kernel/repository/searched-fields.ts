/** Where a search looks for the records of an entity: in their folded fields, and in those of records that are searched for them. */
import type { EntitySchema, FieldSchema, ResolvedSchema } from "../entity/entity-schema.ts";
import { foldingOf } from "../entity/folding.ts";
import { invalidQuery } from "./compilation.ts";

/** Records of `entity` whose reference `by` says what they are searched for. */
export interface SearchedAlong {
  readonly entity: EntitySchema;
  readonly by: FieldSchema;
  /** The to-many relation, or the plural where the reference names none. */
  readonly name: string;
}

export function foldedFields(entity: EntitySchema): readonly FieldSchema[] {
  return [...entity.fields.values()].filter(({ folded }) => folded !== undefined);
}

export function searchedAlong(schema: ResolvedSchema, { referencedBy }: EntitySchema): readonly SearchedAlong[] {
  return referencedBy.flatMap(({ entity: name, field: by }) => {
    const entity = schema.entities.get(name)!;
    return entity.searchFor.includes(by.name) ? [{ entity, by, name: by.definition.inverse || entity.plural }] : [];
  });
}

export function isSearchable(schema: ResolvedSchema, entity: EntitySchema): boolean {
  return foldedFields(entity).length > 0 || searchedAlong(schema, entity).length > 0;
}

/** @throws `invalid_query` for an entity in which a search has nowhere to look */
export function requireSearchable(schema: ResolvedSchema, entity: EntitySchema): void {
  if (isSearchable(schema, entity)) return;
  throw invalidQuery(entity.name, "search", "needs a field declared with text({ fold: true }), and there is none");
}

/** The column that hits of one rank are ordered by: the first folded text, if there is one. */
export function titleColumn(entity: EntitySchema): string | undefined {
  return foldedFields(entity).find((field) => foldingOf(field) === "text")?.folded?.name;
}
