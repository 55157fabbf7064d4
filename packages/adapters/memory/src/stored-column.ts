/** A column with its place in the rows and what it accepts. */
import type { ColumnSchema, Storable } from "@relata/core/adapter";

export interface StoredColumn {
  readonly position: number;
  readonly schema: ColumnSchema;
  /** Why a value is refused, to follow the name of the field; undefined when it is accepted. */
  refusal(value: Storable | undefined): string | undefined;
  /** The same value, of a `values` list the string that all rows share. */
  shared(value: Storable): Storable;
}

export function createStoredColumn(schema: ColumnSchema, position: number): StoredColumn {
  const refusesType = typeRefusal(schema);
  const allowed = schema.values && new Map<Storable, string>(schema.values.map((value) => [value, value]));
  return {
    position,
    schema,
    refusal(value) {
      if (value === null) return schema.nullable ? undefined : "must not be null";
      if (value === undefined) return "must have a value";
      const why = refusesType(value);
      if (why !== undefined || allowed === undefined || allowed.has(value)) return why;
      return `must be one of ${[...allowed.keys()].join(", ")}`;
    },
    shared: (value) => allowed?.get(value) ?? value,
  };
}

function typeRefusal(schema: ColumnSchema): (value: Storable) => string | undefined {
  switch (schema.kind) {
    case "text":
    case "json":
    case "uuid":
    case "date":
      return (value) => (typeof value === "string" ? undefined : "must be text");
    case "integer":
    case "instant":
      return (value) => (Number.isSafeInteger(value) ? undefined : "must be a safe integer");
    case "bigint":
      return (value) =>
        typeof value === "bigint" && BigInt.asIntN(64, value) === value ? undefined : "must be a bigint within 64 bits";
    case "boolean":
      return (value) => (typeof value === "boolean" ? undefined : "must be true or false");
    default:
      return schema.kind satisfies never;
  }
}
