/** A declared pair of fields that refers to a record of any entity, checked. */
import type { Entity, PolymorphicReference } from "./define-entity.ts";
import type { FieldSchema, Pair } from "./entity-schema.ts";
import { schemaInvalid } from "./schema-errors.ts";

/** The entity that declares the pair: its fields, and the pairs that were declared before. */
interface Declaring {
  readonly entity: Entity;
  readonly fields: ReadonlyMap<string, FieldSchema>;
  readonly polymorphic: readonly Pair[];
}

/** @throws `schema_invalid`, naming the entity and the field. */
export function pairOf({ entity, fields, polymorphic }: Declaring, given: PolymorphicReference): Pair {
  const where = `${entity.name}: the polymorphic reference`;
  const { onDelete, onMerge = "move" } = given;
  const [type, id] = [given.type, given.id].map((name) => {
    const field = fields.get(name);
    if (!field || field.plugin === undefined)
      throw schemaInvalid(`${where} names the field "${name}", which ${entity.name} does not declare.`);
    if (field.definition.kind !== "text" || field.definition.default !== undefined)
      throw schemaInvalid(`${where} names "${name}", which must be a text() without fold and without a default().`);
    if (onDelete === "detach" && field.definition.presence !== "optional")
      throw schemaInvalid(`${where} detaches when its target is deleted, so "${name}" must be optional().`);
    if (polymorphic.some((pair) => pair.type === field || pair.id === field))
      throw schemaInvalid(`${where} names "${name}", which is part of another one.`);
    return field;
  }) as [FieldSchema, FieldSchema];
  if (type === id) throw schemaInvalid(`${where} needs two fields, and names "${id.name}" twice.`);
  if (!["cascade", "refuse", "detach"].includes(onDelete))
    throw schemaInvalid(`${where} by "${id.name}" needs onDelete: "cascade", "refuse" or "detach".`);
  if (!["move", "drop"].includes(onMerge))
    throw schemaInvalid(`${where} by "${id.name}" needs onMerge: "move" or "drop", or none.`);
  return { type, id, onDelete, onMerge };
}
