/**
 * A walk of a bounded depth as one statement, instead of a round trip for each level. A recursive query of one row for each level: the
 * edges that lead from the level before to nodes that are not known yet, and the nodes that are known. So each node is gone on from
 * once, as it is level by level; one row for each node would go on from it again at every depth at which edges come back to it, which
 * around hubs is all of the graph.
 */
import type { TraverseQuery } from "@relata/core/adapter";
import { type Compiler, compileStatement, createScope, type Fragment, paramSlot, type Statement } from "@relata/sql";
import { sql } from "kysely";
import { columnsOf, edgesOut, goesOn, listAsJson, listType, table, unknownOf } from "./node-lists.ts";

/** Names that no table of the statement has: those are t0, t1, … */
const [WALK, LEVEL, STEP, FRONTIER] = ["walk", "level", "step", "frontier"];

/**
 * Gives a row for the start and for each level: the ids of its nodes, the ids of the edges to them, the places (from 1) of the nodes
 * before in the level before, and the types of its nodes, each a list in JSON. A node may be in a level several times.
 */
export function compileWalk(compiler: Compiler, query: TraverseQuery): Statement {
  const scope = createScope(compiler);
  const { types } = query;
  const edges = scope.source(query.table);
  const idList = listType(edges.schemaOf("id"));
  // A node's parts: its id and, where it has one, its type.
  const parts = types ? ["id", "type"] : ["id"];
  const lists = [query.from, ...(types ? [types.from] : [])].map((column) => listType(edges.schemaOf(column)));
  const given = [query.start, ...(types ? [types.start] : [])].map((param, i) => sql`${paramSlot(param)}::${lists[i]}`);
  // Each node of the level before is gone on from once, at its first place.
  const nodes = sql`select ${columnsOf("n", parts)}, min(${sql.id("n", "place")}) as ${sql.id("place")} from unnest(${columnsOf(WALK, parts)}) with ordinality as ${table("n", [...parts, "place"])} group by ${columnsOf("n", parts)}`;
  const frontier = { name: FRONTIER!, join: sql`join (${nodes}) as ${sql.id(FRONTIER!)} on true` };
  const told = (id: Fragment) => [sql`${id} as ${sql.id("edge")}`, sql.id(FRONTIER!, "place")];
  const out = edgesOut({ compiler, scope, parts, frontier, told }, query);
  const known = parts.map((part) => `known_${part}`);
  const isUnknown = unknownOf(parts, STEP!, { walk: WALK!, known });
  const found = [...parts, "edge", "place"];
  const collected = found.map((name) => sql`array_agg(${sql.id(STEP!, name)}) as ${sql.id(name)}`);
  const level = sql`select ${sql.join(collected)} from (${out}) as ${sql.id(STEP!)} where ${isUnknown}`;
  const grown = parts.map((part, i) => sql`${sql.id(WALK!, known[i]!)} || ${sql.id(LEVEL!, part)}`);
  const { kind } = edges.schemaOf("id");
  const shown = [
    listAsJson(sql.id(WALK!, "id")),
    listAsJson(sql.id(WALK!, "edge"), kind),
    listAsJson(sql.id(WALK!, "place"), "bigint"),
    ...(types ? [listAsJson(sql.id(WALK!, "type"))] : []),
  ].map((list, i) => sql`${list} as ${sql.id(`c${i}`)}`);
  return compileStatement(
    compiler.kysely,
    sql`with recursive ${table(WALK, ["depth", ...found, ...known])} as (select 0, ${sql.join(given)}, null::${idList}, null::bigint[], ${sql.join(given)} union all select ${sql.id(WALK!, "depth")} + 1, ${columnsOf(LEVEL, found)}, ${sql.join(grown)} from ${sql.id(WALK!)} cross join lateral (${level}) as ${sql.id(LEVEL!)} where ${goesOn(query, parts, { walk: WALK!, known })} and ${sql.id(LEVEL!, "edge")} is not null) select ${sql.join(shown)} from ${sql.id(WALK!)} order by ${sql.id(WALK!, "depth")}`,
  );
}
