/** What `searchFor` of an entity must not say. */
import type { Entity } from "./define-entity.ts";
import type { FieldSchema } from "./entity-schema.ts";
import { schemaInvalid } from "./schema-errors.ts";

interface Searched {
  readonly entity: Entity;
  readonly fields: ReadonlyMap<string, FieldSchema>;
}

/** @throws `schema_invalid` */
export function checkSearchFor({ entity, fields }: Searched, all: ReadonlyMap<string, Searched>): void {
  const { name, searchFor, history } = entity;
  if (searchFor.length === 0) return;
  if (![...fields.values()].some(({ folded }) => folded))
    throw schemaInvalid(`${name} has searchFor, and no field declared with text({ fold: … }) that could be found.`);
  for (const field of searchFor) {
    const target = all.get(fields.get(field)?.definition.to ?? "")?.entity;
    if (!target) throw schemaInvalid(`${name}.${field} stands in searchFor of ${name}, but is no reference of it.`);
    if (target.searchFor.length > 0)
      throw schemaInvalid(`${name}.${field} stands in searchFor, but ${target.name} is itself searched for others.`);
    if (target.history && !history)
      throw schemaInvalid(
        `${name} is searched for ${target.name}, which has history, so it must not have history: false.`,
      );
  }
}
