/** Builds records from rows: what there is to know of a field is found out once, and each record has the same shape from the start. */
import { CrmError } from "../../errors.ts";
import type { EntitySchema, FieldSchema } from "../entity/entity-schema.ts";
import type { Row } from "../storage/query.ts";

/**
 * Reads the fields' columns from the beginning of a row, in order. `added` are members that the caller sets. @throws `storage_corrupt`
 * for a value that cannot be read.
 */
export function decoderOf(
  entity: EntitySchema,
  fields: readonly FieldSchema[],
  added: readonly string[] = [],
): (row: Row) => Record<string, unknown> {
  let width = 0;
  const places = fields.map(({ name, columns, codec }) => {
    const at = width;
    width += columns.length;
    return { name, at, decode: codec.plain ? undefined : codec.decode };
  });
  const blank: Record<string, unknown> = Object.fromEntries(
    [...places.map(({ name }) => name), ...added].map((name) => [name, null]),
  );
  return (row) => {
    const record = { ...blank };
    for (let i = 0; i < places.length; i++) {
      const { name, at, decode } = places[i]!;
      const stored = row[at];
      if (stored === null) continue;
      if (!decode) {
        record[name] = stored;
        continue;
      }
      try {
        record[name] = decode(row, at);
      } catch (error) {
        throw unreadable(entity, name, { id: record.id, cause: error });
      }
    }
    return record;
  };
}

function unreadable({ name }: EntitySchema, field: string, { id, cause }: { id: unknown; cause: unknown }): CrmError {
  const known = typeof id === "string" ? { id } : {};
  return new CrmError(
    "storage_corrupt",
    `${name}.${field}${known.id === undefined ? "" : ` of "${known.id}"`} holds a value in the database that cannot be read. Correct it there, or restore it from a backup.`,
    { details: { entity: name, field, ...known }, cause },
  );
}
