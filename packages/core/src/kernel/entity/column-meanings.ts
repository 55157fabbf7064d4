/** What stored values stand for. A database knows types only, and reads 1250 as gladly as 12.50 as 0.00125. */
import type { Entity } from "./define-entity.ts";
import type { FieldDefinition } from "./field.ts";

/**
 * For each column of the field's codec. Fields of equal meaning can read each other's values, so that one may take the other's place.
 *
 * @param ids those of the entity that the field belongs to
 */
export function columnMeanings(definition: FieldDefinition, ids: Entity["ids"]): readonly string[] {
  if (definition.app) return [`app_reference(${definition.app.table}.${definition.app.column})`];
  switch (definition.kind) {
    case "text":
    case "foldedText":
    case "oneOf":
      return ["text"];
    case "id":
      return [ids === "app" ? "id(app)" : "id"];
    case "reference":
      return [`reference(${definition.to})`];
    case "decimal":
      return [`decimal(${definition.scale ?? 6})`];
    case "money":
      return ["money", "currency"];
    case "integer":
    case "boolean":
    case "date":
    case "instant":
    case "json":
      return [definition.kind];
    default:
      return definition.kind satisfies never;
  }
}

/** For the shadow of a folded text. */
export function foldedMeaning({ fold }: FieldDefinition): string {
  return fold === "phone" ? "phone digits" : "folded text";
}
