/** Nodes in statements: their parts, the id and where there is one the type, as columns and as lists side by side; and the edges out of them. */
import type { ColumnKind, ColumnSchema, TraverseQuery } from "@relata/core/adapter";
import { type Compiler, compileWhere, type Fragment, type Scope } from "@relata/sql";
import { sql } from "kysely";
import { columnType } from "./postgres-dialect.ts";

export function table(name: string | undefined, names: readonly string[]): Fragment {
  return sql`${sql.id(name!)} (${sql.join(names.map((column) => sql.id(column)))})`;
}

function columns(name: string | undefined, names: readonly string[]): readonly Fragment[] {
  return names.map((column) => sql.id(name!, column));
}

export function columnsOf(name: string | undefined, names: readonly string[]): Fragment {
  return sql.join(columns(name, names)) as Fragment;
}

function equal(one: readonly Fragment[], other: readonly Fragment[]): Fragment {
  return sql.join(
    one.map((column, i) => sql`${column} = ${other[i]}`),
    sql` and `,
  ) as Fragment;
}

export function listType(column: ColumnSchema): Fragment {
  return column.kind === "text" ? sql`text[] collate "C"` : sql.raw(`${columnType(column)}[]`);
}

/** A list as text in JSON, or null. What needs no escaping is joined, which takes the server half as long. */
export function listAsJson(list: Fragment, kind?: ColumnKind): Fragment {
  if (kind === "uuid") return sql`'["' || array_to_string(${list}, '","') || '"]'`;
  if (kind === "bigint") return sql`'[' || array_to_string(${list}, ',') || ']'`;
  return sql`to_json(${list})::text`;
}

/**
 * Whether a row is no node that the walk knows. They are hashed, whatever the planner expects: it expects few, and an anti join of few
 * is a nested loop over all of them for each row; a grouping, a sort. None of them is null.
 */
export function unknownOf(
  parts: readonly string[],
  row: string,
  { walk, known }: { readonly walk: string; readonly known: readonly string[] },
): Fragment {
  const lists = sql`unnest(${columnsOf(walk, known)}) as ${table("known", parts)}`;
  return sql`(${columnsOf(row, parts)}) not in (select ${columnsOf("known", parts)} from ${lists})`;
}

interface Out {
  readonly compiler: Compiler;
  readonly scope: Scope;
  readonly parts: readonly string[];
  /** What is joined, and how it is called: the nodes that are gone on from, each once. */
  readonly frontier: { readonly name: string; readonly join: Fragment };
  /** What is told of an edge beside the parts of its far end. */
  told(id: Fragment): readonly Fragment[];
}

/** For each way that the query follows, the edges out of a frontier: their far ends, some of them several times. */
export function edgesOut({ compiler: { dialect }, scope, parts, frontier, told }: Out, query: TraverseQuery): Fragment {
  const { types, direction, where } = query;
  const ends = [
    [query.from, ...(types ? [types.from] : [])],
    [query.to, ...(types ? [types.to] : [])],
  ] as const;
  const ways = [
    ...(direction === "against" ? [] : [{ ends, where }]),
    ...(direction === "along" ? [] : [{ ends: ends.toReversed(), where: againstOf(query) }]),
  ].map((way) => {
    const edges = scope.source(query.table);
    const [before, node] = way.ends.map((end) => end.map(edges.column));
    const conditions = [
      equal(before!, columns(frontier.name, parts)),
      ...node!.map((column) => sql`${column} is not null`),
      ...compileWhere({ dialect, scope }, edges, way.where),
    ];
    const step = [...parts.map((part, i) => sql`${node![i]} as ${sql.id(part)}`), ...told(edges.column("id"))];
    return sql`select ${sql.join(step)} ${edges.from(conditions, [frontier.join])}`;
  });
  return sql.join(ways, sql` union all `) as Fragment;
}

function againstOf({ direction, where, whereAgainst = where }: TraverseQuery) {
  return direction === "both" ? whereAgainst : where;
}
