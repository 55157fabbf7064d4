/** Nodes in statements: their parts, the id and where there is one the type, as columns and as lists side by side; and the edges out of them. */
import type { Bindings, ColumnKind, ColumnSchema, Param, TraverseQuery } from "@relata/core/adapter";
import { type Compiler, compileWhere, type Fragment, paramSlot, type Scope } from "@relata/sql";
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

/** Whether a walk goes on from its last level: it may, and has not reached as many nodes as are wanted, which the start is not of. */
export function goesOn(
  query: TraverseQuery,
  parts: readonly string[],
  { walk, known }: { readonly walk: string; readonly known: readonly string[] },
): Fragment {
  const isWithin = sql`${sql.id(walk, "depth")} < ${paramSlot(query.depth!)}` as Fragment;
  if (query.limit === undefined) return isWithin;
  // Those of one level may be known several times.
  const nodes = sql`select distinct ${columnsOf("known", parts)} from unnest(${columnsOf(walk, known)}) as ${table("known", parts)}`;
  return sql`${isWithin} and (select count(*) from (${nodes}) as ${sql.id("known")}) < ${limitSlot(query, query.limit)}`;
}

/** With the nodes of the start, which are known as well. */
function limitSlot({ start, types }: TraverseQuery, limit: Param) {
  return {
    read: ({ params }: Bindings) => {
      const ofTypes = types && (params[types.start] as readonly string[]);
      const nodes = (params[start] as readonly string[]).map((id, i) => JSON.stringify([ofTypes?.[i], id]));
      return new Set(nodes).size + (params[limit] as number);
    },
  };
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
