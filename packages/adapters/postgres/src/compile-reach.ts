/** A walk that is asked for nodes and distances only, as one statement: as `compileWalk`, without the edges and the nodes before. */
import type { Row, TraverseQuery } from "@relata/core/adapter";
import { type Compiler, compileStatement, createScope, paramSlot, type Statement } from "@relata/sql";
import { sql } from "kysely";
import { columnsOf, edgesOut, goesOn, listAsJson, listType, table, unknownOf } from "./node-lists.ts";
import { firsts } from "./read-walk.ts";

/** Names that no table of the statement has: those are t0, t1, … */
const [WALK, LEVEL, FOUND, FRONTIER] = ["walk", "level", "found", "frontier"];

/** Gives a row for the start and for each level: the ids of its nodes and their types, each a list in JSON. A node may be in a level several times. */
export function compileReach(compiler: Compiler, query: TraverseQuery): Statement {
  const scope = createScope(compiler);
  const { types } = query;
  const edges = scope.source(query.table);
  const parts = types ? ["id", "type"] : ["id"];
  const lists = [query.from, ...(types ? [types.from] : [])].map((column) => listType(edges.schemaOf(column)));
  const given = [query.start, ...(types ? [types.start] : [])].map((param, i) => sql`${paramSlot(param)}::${lists[i]}`);
  // Each node of the level before is gone on from once.
  const nodes = sql`select distinct ${columnsOf("n", parts)} from unnest(${columnsOf(WALK, parts)}) as ${table("n", parts)}`;
  const join = sql`join (${nodes}) as ${sql.id(FRONTIER!)} on true`;
  const out = edgesOut({ compiler, scope, parts, frontier: { name: FRONTIER!, join }, told: () => [] }, query);
  const known = parts.map((part) => `known_${part}`);
  const isUnknown = unknownOf(parts, FOUND!, { walk: WALK!, known });
  const collected = parts.map((part) => sql`array_agg(${sql.id(FOUND!, part)}) as ${sql.id(part)}`);
  const level = sql`select ${sql.join(collected)} from (${out}) as ${sql.id(FOUND!)} where ${isUnknown}`;
  const grown = parts.map((part, i) => sql`${sql.id(WALK!, known[i]!)} || ${sql.id(LEVEL!, part)}`);
  const told = parts.map((part, i) => sql`${listAsJson(sql.id(WALK!, part))} as ${sql.id(`c${i}`)}`);
  return compileStatement(
    compiler.kysely,
    sql`with recursive ${table(WALK, ["depth", ...parts, ...known])} as (select 0, ${sql.join(given)}, ${sql.join(given)} union all select ${sql.id(WALK!, "depth")} + 1, ${columnsOf(LEVEL, parts)}, ${sql.join(grown)} from ${sql.id(WALK!)} cross join lateral (${level}) as ${sql.id(LEVEL!)} where ${goesOn(query, parts, { walk: WALK!, known })} and ${sql.id(LEVEL!, "id")} is not null) select ${sql.join(told)} from ${sql.id(WALK!)} order by ${sql.id(WALK!, "depth")}`,
  );
}

/** From what the statement gives to the rows of the contract. */
export function readReach(rows: readonly (readonly unknown[])[]): readonly Row[] {
  const reached: Row[] = [];
  for (let depth = 1; depth < rows.length; depth++) {
    const [ids, types] = rows[depth]!.map((list) => JSON.parse(list as string) as readonly string[]);
    const isNew = firsts();
    for (let i = 0; i < ids!.length; i++) {
      const [id, type] = [ids![i]!, types?.[i]];
      if (isNew(id, type)) reached.push(type === undefined ? [id, depth] : [id, depth, type]);
    }
  }
  return reached;
}
