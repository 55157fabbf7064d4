/** The ids that stand above or below a row, as a recursive query. */
import type { Lineage, Param } from "@relata/core/adapter";
import { sql } from "kysely";
import type { Scope, Source } from "./source.ts";
import { type Fragment, paramSlot } from "./statement.ts";

/** `union` takes each row once, and so comes to an end in a circle. */
export function lineage(scope: Scope, it: Lineage & { readonly root: Param }): Fragment {
  const [start, next] = [scope.source(it.table), scope.source(it.table)];
  const name = scope.name();
  const root = paramSlot(it.root);
  const select = (source: Source, condition: Fragment, joins: readonly Fragment[] = []) =>
    sql`select ${source.column("id")}, ${source.column(it.parent)} ${source.from([condition], joins)}`;
  const towards =
    it.relation === "descendants"
      ? sql`${next.column(it.parent)} = ${sql.id(name, "id")}`
      : sql`${next.column("id")} = ${sql.id(name, "parent")}`;
  const first = select(start, sql`${start.column("id")} = ${root}`);
  const others = select(next, towards, [sql`join ${sql.id(name)} on true`]);
  const answer = it.self ? sql`` : sql` where ${sql.id(name, "id")} <> ${root}`;
  return sql`with recursive ${sql.id(name)} (${sql.id("id")}, ${sql.id("parent")}) as (${first} union ${others}) select ${sql.id(name, "id")} from ${sql.id(name)}${answer}`;
}
