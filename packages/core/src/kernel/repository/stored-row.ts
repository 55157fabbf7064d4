/** A record between codec and storage: one storable for each column of its table, in the table's order. */
import type { EntitySchema, FieldSchema } from "../entity/entity-schema.ts";
import type { Row } from "../storage/query.ts";
import type { Storable } from "../storage/storage-schema.ts";
import { foldText } from "../value/text.ts";
import { decoderOf } from "./compile-find.ts";

export interface RowLayout {
  /** All columns but the tenant's, in the table's order. */
  readonly columns: readonly string[];
  readonly positions: ReadonlyMap<string, number>;
  decode(row: Row): object;
}

const layouts = new WeakMap<EntitySchema, RowLayout>();

export function layoutOf(entity: EntitySchema): RowLayout {
  let layout = layouts.get(entity);
  if (!layout) {
    const columns = entity.table.columns.slice(1).map((column) => column.name);
    layout = {
      columns,
      positions: new Map(columns.map((name, i) => [name, i])),
      // The fields' columns come first, in their order; shadow columns follow.
      decode: decoderOf(entity, [...entity.fields.values()]),
    };
    layouts.set(entity, layout);
  }
  return layout;
}

/** Calls `set` for each column of a field, its shadow included. The value is accepted, or null. */
export function encodeField(field: FieldSchema, value: unknown, set: (column: string, stored: Storable) => void): void {
  const stored = value === null ? undefined : field.codec.encode(value);
  for (const [i, column] of field.columns.entries()) set(column.name, stored ? stored[i]! : null);
  if (field.folded) set(field.folded.name, stored ? foldText(stored[0] as string) : null);
}
