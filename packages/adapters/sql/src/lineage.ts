/** The ids that stand above or below a row: by stored paths, or as a recursive query. */
import type { Lineage, Param, TreePaths } from "@relata/core/adapter";
import { sql } from "kysely";
import type { Scope } from "./source.ts";
import { type Fragment, paramSlot } from "./statement.ts";

type Rooted = Lineage & { readonly root: Param };

/**
 * `union` takes each row once, and so comes to an end in a circle.
 *
 * @param only what must hold for the walk to begin
 */
export function lineage(scope: Scope, it: Rooted, only: readonly Fragment[] = []): Fragment {
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
  const first = sql`select ${sql.join(columns.map(start.column))} ${start.from([sql`${start.column("id")} = ${root}`, ...only])}`;
  const others = sql`select ${sql.join(columns.map(next.column))} ${next.from([towards], [sql`join ${sql.id(name)} on true`])}`;
  const answer = it.self ? sql`` : sql` where ${reached("id")} <> ${root}`;
  return sql`with recursive ${sql.id(name)} (${sql.join(columns.map((column) => sql.id(column)))}) as (${first} union ${others}) select ${reached("id")} from ${sql.id(name)}${answer}`;
}

/**
 * What is below has a path that begins with the root's, which is `top` where the root has none stored. Only below a row whose path was cut
 * the references are walked: for any other that part finds nothing to begin with.
 */
export function storedLineage(scope: Scope, it: Rooted & { readonly paths: TreePaths }): Fragment {
  const { paths, table, self } = it;
  const root = paramSlot(it.root);
  const ofRoot = (column: (name: string) => Fragment) => sql`${column("id")} = ${root}`;
  const own = () => {
    const source = scope.source(paths.table);
    return sql`coalesce((select ${source.column("path")} ${source.from([ofRoot(source.column)])}), ${paramSlot(paths.top)})`;
  };
  const [below, itself] = [scope.source(paths.table), scope.source(table)];
  const path = below.column("path");
  const parts = [
    sql`select ${below.column("id")} ${below.from([sql`${path} > ${own()}`, sql`${path} < ${own()} || '~'`])}`,
    ...(self ? [sql`select ${itself.column("id")} ${itself.from([ofRoot(itself.column)])}`] : []),
  ];
  const deep = scope.name();
  const walked = sql`select ${sql.id(deep, "id")} from (${lineage(scope, { ...it, self: false }, [sql`${own()} like '%*'`])}) as ${sql.id(deep)}`;
  return sql.join([...parts, walked], sql` union all `) as Fragment;
}
