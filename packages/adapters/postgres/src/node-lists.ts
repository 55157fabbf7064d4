/** Nodes in statements: their parts, the id and where there is one the type, as columns and as lists side by side. */
import type { ColumnSchema } from "@relata/core/adapter";
import type { Fragment } from "@relata/sql";
import { sql } from "kysely";
import { columnType } from "./postgres-dialect.ts";

export function table(name: string | undefined, names: readonly string[]): Fragment {
  return sql`${sql.id(name!)} (${sql.join(names.map((column) => sql.id(column)))})`;
}

export function columns(name: string | undefined, names: readonly string[]): readonly Fragment[] {
  return names.map((column) => sql.id(name!, column));
}

export function columnsOf(name: string | undefined, names: readonly string[]): Fragment {
  return sql.join(columns(name, names)) as Fragment;
}

export function equal(one: readonly Fragment[], other: readonly Fragment[]): Fragment {
  return sql.join(
    one.map((column, i) => sql`${column} = ${other[i]}`),
    sql` and `,
  ) as Fragment;
}

export function listType(column: ColumnSchema): Fragment {
  return column.kind === "text" ? sql`text[] collate "C"` : sql.raw(`${columnType(column)}[]`);
}
