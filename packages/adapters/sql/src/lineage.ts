/** The ids that stand above or below a row, as a recursive query. */
import type { Lineage, Param } from "@relata/core/adapter";
import { sql } from "kysely";
import type { Scope } from "./source.ts";
import { type Fragment, paramSlot } from "./statement.ts";

/** `union` takes each row once, and so comes to an end in a circle. */
export function lineage(scope: Scope, it: Lineage & { readonly root: Param }): Fragment {
  const [start, next] = [scope.source(it.table), scope.source(it.table)];
  const name = scope.name();
  const root = paramSlot(it.root);
  const reached = (column: string) => sql.id(name, column);
  // On the way up each row also says where it leads; on the way down its id is enough, and an index has it.
  const columns = it.relation === "descendants" ? ["id"] : ["id", it.parent];
  const towards =
    it.relation === "descendants"
      ? sql`${next.column(it.parent)} = ${reached("id")}`
      : sql`${next.column("id")} = ${reached(it.parent)}`;
  const first = sql`select ${sql.join(columns.map(start.column))} ${start.from([sql`${start.column("id")} = ${root}`])}`;
  const others = sql`select ${sql.join(columns.map(next.column))} ${next.from([towards], [sql`join ${sql.id(name)} on true`])}`;
  const answer = it.self ? sql`` : sql` where ${reached("id")} <> ${root}`;
  return sql`with recursive ${sql.id(name)} (${sql.join(columns.map((column) => sql.id(column)))}) as (${first} union ${others}) select ${reached("id")} from ${sql.id(name)}${answer}`;
}
