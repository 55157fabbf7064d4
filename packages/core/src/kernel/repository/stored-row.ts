/** A record between codec and storage: one storable for each column of its table, in the table's order. */
import type { EntitySchema, FieldSchema } from "../entity/entity-schema.ts";
import { foldAs, foldingOf } from "../entity/folding.ts";
import { instantOf, type Scope } from "../kernel.ts";
import { oncePer } from "../once-per.ts";
import type { Row } from "../storage/query.ts";
import type { Storable } from "../storage/storage-schema.ts";
import { decoderOf } from "./record-decoder.ts";

export interface RowLayout {
  /** All columns but the tenant's, in the table's order. */
  readonly columns: readonly string[];
  readonly positions: ReadonlyMap<string, number>;
  decode(row: Row): object;
}

/** Where the id stands in every row. */
export const ID = 0;
const VERSION = 1;

export function versionOf(row: Row): number {
  return row[VERSION] as number;
}

export const layoutOf: (entity: EntitySchema) => RowLayout = oncePer((entity) => {
  const columns = entity.table.columns.slice(1).map((column) => column.name);
  return {
    columns,
    positions: new Map(columns.map((name, i) => [name, i])),
    // The fields' columns come first, in their order; shadow columns follow.
    decode: decoderOf(entity, [...entity.fields.values()]),
  };
});

/** Calls `set` for each column of a field, its shadow included. The value is accepted, or null. */
export function encodeField(field: FieldSchema, value: unknown, set: (column: string, stored: Storable) => void): void {
  const stored = value === null ? undefined : field.codec.encode(value);
  for (const [i, column] of field.columns.entries()) set(column.name, stored ? stored[i]! : null);
  if (field.folded) set(field.folded.name, stored ? foldAs(foldingOf(field), stored[0] as string) : null);
}

export interface NewRow {
  readonly id: string;
  readonly values: Record<string, unknown>;
  readonly version?: number;
  readonly at?: number;
}

interface EncodedField {
  readonly field: FieldSchema;
  /** Of its first column; the others follow. */
  readonly position: number;
  readonly folded: number | undefined;
}

const encodedFields: (entity: EntitySchema) => readonly EncodedField[] = oncePer((entity) => {
  const { positions } = layoutOf(entity);
  return [...entity.fields.values()].flatMap((field): EncodedField[] => {
    const position = positions.get(field.columns[0]!.name)!;
    const folded = field.folded && positions.get(field.folded.name);
    return field.plugin === undefined ? [] : [{ field, position, folded }];
  });
});

/** The row of a new record; what its values leave out is null. */
export function encodeNew(scope: Scope, { id, values, version = 1, at = instantOf(scope) }: NewRow): Storable[] {
  const { columns, positions } = layoutOf(scope.entity);
  const row = new Array<Storable>(columns.length).fill(null);
  for (const { field, position, folded } of encodedFields(scope.entity)) {
    const value = values[field.name];
    if (value === undefined || value === null) continue;
    const stored = field.codec.encode(value);
    for (let i = 0; i < stored.length; i++) row[position + i] = stored[i]!;
    if (folded !== undefined) row[folded] = foldAs(foldingOf(field), stored[0] as string);
  }
  const { actorId } = scope.binding;
  row[ID] = id;
  row[VERSION] = version;
  row[positions.get("created_at")!] = at;
  row[positions.get("created_by")!] = actorId;
  row[positions.get("updated_at")!] = at;
  row[positions.get("updated_by")!] = actorId;
  return row;
}
