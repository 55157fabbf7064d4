/**
 * A walk of a bounded depth as one statement, instead of a round trip for each level. A recursive query whose only row is a level: the
 * nodes that were reached last, and all that are known. So each node is gone on from once, as it is level by level; one row for each node
 * would go on from it again at every depth at which edges come back to it, which around hubs is all of the graph.
 */
import type { ColumnSchema, TraverseQuery } from "@relata/core/adapter";
import {
  type Compiler,
  compileStatement,
  compileWhere,
  createScope,
  type Fragment,
  paramSlot,
  type Statement,
} from "@relata/sql";
import { sql } from "kysely";
import { columnType } from "./postgres-dialect.ts";

/** The rows of the contract; all but the depth are text. */
export function compileWalk(compiler: Compiler, query: TraverseQuery): Statement {
  const scope = createScope(compiler);
  const { types } = query;
  const ends = {
    from: [...(types ? [types.from] : []), query.from],
    to: [...(types ? [types.to] : []), query.to],
  };
  const source = scope.source(query.table);
  const nodeColumns = ends.from.map(source.schemaOf);
  const kinds = nodeColumns.map(listType);
  const [walk, start, level, step, edge] = [scope.name(), scope.name(), scope.name(), scope.name(), scope.name()];
  const parts = types ? ["type", "id"] : ["id"];
  const named = (prefix: string) => parts.map((part) => `${prefix}_${part}`);
  const of = (alias: string, names: readonly string[]) => names.map((name) => sql.id(alias, name));
  const lists = (alias: string, names: readonly string[]) => sql.join(of(alias, names));
  const equal = (one: readonly Fragment[], other: readonly Fragment[]) =>
    one.map((column, i) => sql`${column} = ${other[i]}`);

  const follow = (way: "along" | "against", where = query.where): Fragment => {
    const rows = scope.source(query.table);
    const [before, node] = way === "along" ? [ends.from, ends.to] : [ends.to, ends.from];
    const frontier = scope.name();
    const reached = sql`join unnest(${lists(walk, named("node"))}) as ${sql.id(frontier)} (${sql.join(parts.map((part) => sql.id(part)))}) on true`;
    const columns = [
      sql`${rows.column("id")} as ${sql.id("edge")}`,
      ...before.map((column, i) => sql`${rows.column(column)} as ${sql.id(named("before")[i]!)}`),
      ...node.map((column, i) => sql`${rows.column(column)} as ${sql.id(named("node")[i]!)}`),
    ];
    const conditions = [
      ...equal(before.map(rows.column), of(frontier, parts)),
      ...node.map((column) => sql`${rows.column(column)} is not null`),
      ...compileWhere({ dialect: compiler.dialect, scope }, rows, where),
    ];
    return sql`select ${sql.join(columns)} ${rows.from(conditions, [reached])}`;
  };
  const ways =
    query.direction === "both" ? [follow("along"), follow("against", query.whereAgainst)] : [follow(query.direction)];

  const known = scope.name();
  const isNew = sql`not exists (select from unnest(${lists(walk, named("known"))}) as ${sql.id(known)} (${sql.join(parts.map((part) => sql.id(part)))}) where ${sql.join(equal(of(known, parts), of(edge, named("node"))), sql` and `)})`;
  const all = ["edge", ...named("node"), ...named("before")];
  const first = sql`select distinct on (${lists(edge, named("node"))}) ${lists(edge, all)} from (${sql.join(ways, sql` union all `)}) as ${sql.id(edge)} where ${isNew} order by ${lists(edge, [...named("node"), "edge"])}`;
  const collected = all.map((name) => sql`array_agg(${sql.id(step, name)}) as ${sql.id(name)}`);
  const next = sql`select ${sql.join(collected)} from (${first}) as ${sql.id(step)}`;

  const given = [...(types ? [paramSlot(types.start)] : []), paramSlot(query.start)].map(
    (slot, i) => sql`${slot}::${kinds[i]}`,
  );
  const starts = sql`select distinct ${lists(start, parts)} from unnest(${sql.join(given)}) as ${sql.id(start)} (${sql.join(parts.map((part) => sql.id(part)))})`;
  const startLists = sql.join(parts.map((part) => sql`array_agg(${sql.id(start, part)})`));
  const none = sql.join([listType(source.schemaOf("id")), ...kinds].map((kind) => sql`null::${kind}`));
  const columns = ["depth", ...named("node"), ...named("known"), "edge", ...named("before")];
  const grown = sql.join(
    named("known").map((name, i) => sql`${sql.id(walk, name)} || ${sql.id(level, named("node")[i]!)}`),
  );

  const answer = scope.name();
  const result = [
    text(answer, "node_id"),
    sql`${sql.id(walk, "depth")}`,
    text(answer, "edge"),
    text(answer, "before_id"),
    ...(types ? [text(answer, "node_type"), text(answer, "before_type")] : []),
  ].map((value, i) => sql`${value} as ${sql.id(`c${i}`)}`);
  return compileStatement(
    compiler.kysely,
    sql`with recursive ${sql.id(walk)} (${sql.join(columns.map((name) => sql.id(name)))}) as (
      select 0, ${startLists}, ${startLists}, ${none} from (${starts}) as ${sql.id(start)}
      union all
      select ${sql.id(walk, "depth")} + 1, ${lists(level, named("node"))}, ${grown}, ${lists(level, ["edge", ...named("before")])}
      from ${sql.id(walk)} cross join lateral (${next}) as ${sql.id(level)}
      where ${sql.id(walk, "depth")} < ${paramSlot(query.depth!)} and ${sql.id(level, "edge")} is not null
    ) select ${sql.join(result)}
    from ${sql.id(walk)} cross join lateral unnest(${lists(walk, all)}) as ${sql.id(answer)} (${sql.join(all.map((name) => sql.id(name)))})
    where ${sql.id(walk, "depth")} > 0 order by ${sql.id(walk, "depth")}, ${sql.id(answer, "edge")}`,
  );
}

function text(alias: string, name: string): Fragment {
  return sql`${sql.id(alias, name)}::text`;
}

function listType(column: ColumnSchema): Fragment {
  return column.kind === "text" ? sql`text[] collate "C"` : sql.raw(`${columnType(column)}[]`);
}
