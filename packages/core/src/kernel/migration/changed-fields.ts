/** A field whose values a written migration converts: as it was, and as it will be. */
import type { FieldSchema } from "../entity/entity-schema.ts";
import type { FieldDefinition } from "../entity/field.ts";
import { fieldSchema } from "../entity/resolve-schema.ts";
import type { ColumnSchema } from "../storage/storage-schema.ts";
import type { Conversion } from "./define-migration.ts";
import { isExtension, type SchemaWork } from "./schema-work.ts";

export interface FieldChange {
  readonly entity: string;
  readonly field: string;
  readonly conversion: Conversion;
}

export interface ChangedFields {
  readonly before: FieldSchema;
  readonly after: FieldSchema;
}

/** The field as it was and as it will be. The columns that it had are given other names while values are converted. */
export function changedFields(
  work: Pick<SchemaWork, "schema" | "shipped">,
  { entity, field, conversion }: FieldChange,
): ChangedFields {
  const { schema, shipped } = work;
  const declared = new Map([...schema.entities].map(([name, { ids }]) => [name, { entity: { ids } }]));
  const extension = isExtension(work as SchemaWork, entity);
  const resolve = (definition: FieldDefinition) =>
    fieldSchema(
      { name: entity, ids: schema.entities.get(entity)?.ids ?? "generated" },
      { name: field, definition },
      { plugin: shipped?.plugin, declared, extension },
    );
  return { before: resolve(conversion.from.definition), after: resolve(conversion.to.definition) };
}

/** The kind is in the name, as the same field may be converted twice in one run. */
export function nameBefore({ name, kind }: ColumnSchema): string {
  return `${name}__${kind}`;
}

export function columnsOf({ columns, folded }: FieldSchema): readonly ColumnSchema[] {
  return folded ? [...columns, folded] : columns;
}
