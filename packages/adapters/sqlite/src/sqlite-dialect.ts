/** SQLite's words for what the shared engine needs. */
import type { ColumnKind, ColumnSchema, Storable } from "@relata/core/adapter";
import { derivedSlot, prefixEnd, type SqlDialect } from "@relata/sql";
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, sql } from "kysely";
import { jsonList } from "./bind.ts";
import { heavySum, lightSum, plainSum } from "./sum-limbs.ts";

const TYPES: Readonly<Record<ColumnKind, "TEXT" | "INTEGER">> = {
  text: "TEXT",
  uuid: "TEXT",
  date: "TEXT",
  json: "TEXT",
  integer: "INTEGER",
  instant: "INTEGER",
  bigint: "INTEGER",
  boolean: "INTEGER",
};

/**
 * Text is compared as UTF-8 bytes (BINARY), which is the order of code points. Tables have a rowid: a list of 50 rows through a
 * secondary index takes a quarter less time than WITHOUT ROWID, and reads by id and inserts take the same.
 */
export const sqliteDialect: SqlDialect = {
  kysely: {
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
  },

  table: (name) => sql.id(name),
  constraint: (name) => sql.id(name),
  index: (name) => sql.id(name),
  columnType: (column) => TYPES[column.kind],
  declaredType: (column) => TYPES[column.kind],
  columnCheck,
  foreignKeyOptions: sql``,
  tableOptions: sql`strict`,

  // A driver that gives all integers as bigints would cost the same, and every small number a conversion.
  read: (kind, value) => (kind === "bigint" ? sql`cast(${value} as text)` : value),
  decoder,

  // A statement is compiled anew for each value that stands bare behind `limit`.
  limit: (slot) => sql`limit ${slot} + 0`,
  splitsNulls: true,
  nested: {
    // Those of a page are found by one statement a level in less time.
    applies: ({ orderBy }) => orderBy.length === 0,
    many: (values, rows) => sql`(select json_group_array(json_array(${sql.join(values)})) from ${rows})`,
    one: (values, rows) => sql`(select json_array(${sql.join(values)}) from ${rows})`,
    member: (value) => sql`json(${value})`,
  },
  // Transactions that write run one after another.
  locks: { wait: sql``, skip: sql`` },
  unindexed: (value) => sql`+${value}`,

  orderTerms: ({ value, nullable, direction }) => {
    const order = sql`${value} ${sql.raw(direction)}`;
    return nullable ? [sql`${value} is null ${sql.raw(direction)}`, order] : [order];
  },
  inFew: (value, query) => sql`${value} in (${query})`,
  inList: (value, list) => sql`${value} in (select value from json_each(${derivedSlot(list, jsonList)}))`,
  text(operator, value, slot) {
    switch (operator) {
      case "contains":
        return sql`instr(${value}, ${slot}) > 0`;
      case "startsWith":
        return sql`${value} >= ${slot} and ${value} < ${derivedSlot(slot, endOfPrefix)}`;
      case "endsWith":
        return sql`substr(${value}, length(${value}) - length(${slot}) + 1) = ${slot}`;
    }
  },
  month: (value) => sql`substr(${value}, 1, 7)`,
  sums: [plainSum, lightSum, heavySum],
};

/** Every blob comes after every text. */
const AFTER_ALL_TEXT = new Uint8Array([0]);

function endOfPrefix(prefix: string): string | Uint8Array {
  return prefixEnd(prefix) ?? AFTER_ALL_TEXT;
}

function columnCheck({ name, kind, values }: ColumnSchema) {
  if (kind === "boolean") return sql`${sql.id(name)} in (0, 1)`;
  if (values) return sql`${sql.id(name)} in (${sql.join(values.map((value) => sql.lit(value)))})`;
  return undefined;
}

function decoder(kind: ColumnKind): ((raw: unknown) => Storable) | undefined {
  switch (kind) {
    case "bigint":
      return (raw) => BigInt(raw as string);
    case "boolean":
      return (raw) => raw === 1;
    default:
      return undefined;
  }
}
