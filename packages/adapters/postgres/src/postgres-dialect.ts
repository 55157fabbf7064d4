/** PostgreSQL's words for what the shared engine needs. */
import type { ColumnKind, ColumnSchema, Storable } from "@relata/core/adapter";
import { derivedSlot, prefixEnd, type SqlDialect } from "@relata/sql";
import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from "kysely";
import { exactSum } from "./exact-sum.ts";
import { type Namespace, placedName } from "./namespace.ts";

const TYPES: Readonly<Record<ColumnKind, string>> = {
  text: "text",
  uuid: "uuid",
  date: "date",
  json: "json",
  integer: "bigint",
  instant: "bigint",
  bigint: "bigint",
  boolean: "boolean",
};

/**
 * Text columns have the collation "C", which orders UTF-8 by code point, whatever the database's own is. JSON is kept as it was written
 * (`json`, not `jsonb`). Instants are milliseconds: `to_timestamp(updated_at / 1000.0)` makes a timestamp of one.
 */
export function postgresDialect(namespace: Namespace): SqlDialect {
  return {
    kysely: {
      createAdapter: () => new PostgresAdapter(),
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    },

    table: (name) => sql.id(namespace.schema, placedName(namespace, name)),
    constraint: (name) => sql.id(placedName(namespace, name)),
    index: (name, purpose) =>
      purpose === "create"
        ? sql.id(placedName(namespace, name))
        : sql.id(namespace.schema, placedName(namespace, name)),

    columnType,
    declaredType: (column) => (column.kind === "text" ? `text collate "C"` : columnType(column)),
    columnCheck,
    foreignKeyOptions: sql` deferrable`,
    tableOptions: undefined,

    // What the driver or the application's parsers would make something else of is read as text.
    read(kind, value) {
      switch (kind) {
        case "date":
          return sql`to_char(${value}, 'YYYY-MM-DD')`;
        case "json":
        case "bigint":
        case "uuid":
          return sql`${value}::text`;
        default:
          return value;
      }
    },
    decoder,

    limit: (slot) => sql`limit ${slot}`,
    splitsNulls: false,
    nested: {
      applies: () => true,
      member: (value) => value,
      many: (values, rows) =>
        sql`(select coalesce(json_agg(json_build_array(${sql.join(values)})), '[]') from ${rows})`,
      one: (values, rows) => sql`coalesce((select json_build_array(${sql.join(values)}) from ${rows}), 'null')`,
    },
    locks: { wait: sql`for no key update`, skip: sql`for update skip locked` },

    orderTerms: ({ value, direction }) => [sql`${value} ${sql.raw(direction)}`],
    inList: (value, list) => sql`${value} = any(${list})`,
    // A range whose bounds are found by a query is taken for a share of the table, and all rows are gone through: ten times as long.
    inFew: (value, query) => sql`${value} = any(array(${query}))`,
    text(operator, value, slot) {
      switch (operator) {
        case "contains":
          return sql`strpos(${value}, ${slot}) > 0`;
        case "startsWith":
          return sql`(${value} >= ${slot} and ${value} < ${derivedSlot(slot, endOfPrefix)})`;
        case "endsWith":
          return sql`right(${value}, length(${slot}::text)) = ${slot}`;
      }
    },
    month: (value) => sql`to_char(${value}, 'YYYY-MM')`,
    sums: [exactSum],
  };
}

/** As the live schema gives it back, and as parameters are cast. */
export function columnType({ kind }: Pick<ColumnSchema, "kind">): string {
  return TYPES[kind];
}

/** No text that anybody has written begins with so many of the last code point, which is no character. */
const AFTER_ALL_TEXT = "\u{10ffff}".repeat(256);

function endOfPrefix(prefix: string): string {
  return prefixEnd(prefix) ?? AFTER_ALL_TEXT;
}

function columnCheck({ name, values }: ColumnSchema) {
  return values && sql`${sql.id(name)} in (${sql.join(values.map((value) => sql.lit(value)))})`;
}

/** Drivers with the application's parsers may have made a value of a number or a boolean already. */
function decoder(kind: ColumnKind): ((raw: unknown) => Storable) | undefined {
  switch (kind) {
    case "integer":
    case "instant":
      return Number;
    case "bigint":
      return (raw) => BigInt(raw as string);
    case "boolean":
      return (raw) => raw === true || raw === "t";
    default:
      return undefined;
  }
}
