/** A walk that is asked for nodes and distances only, as one statement: as `compileWalk`, without the edges and the nodes before. */
import type { Row, TraverseQuery } from "@relata/core/adapter";
import { type Compiler, compileStatement, createScope, paramSlot, type Statement } from "@relata/sql";
import { sql } from "kysely";
import { columnsOf, edgesOut, listType, table } from "./node-lists.ts";

/** Names that no table of the statement has: those are t0, t1, … */
const [WALK, LEVEL, FOUND, FRONTIER, KNOWN] = ["walk", "level", "found", "frontier", "known"];

/** Gives a row for the start and for each level: the ids of its nodes and their types, each a list in JSON. Each node is in one level, once. */
export function compileReach(compiler: Compiler, query: TraverseQuery): Statement {
  const scope = createScope(compiler);
  const { types } = query;
  const edges = scope.source(query.table);
  const parts = types ? ["id", "type"] : ["id"];
  const lists = [query.from, ...(types ? [types.from] : [])].map((column) => listType(edges.schemaOf(column)));
  const given = [query.start, ...(types ? [types.start] : [])].map((param, i) => sql`${paramSlot(param)}::${lists[i]}`);
  const join = sql`join unnest(${columnsOf(WALK, parts)}) as ${table(FRONTIER, parts)} on true`;
  const out = edgesOut({ compiler, scope, parts, frontier: { name: FRONTIER!, join }, told: () => [] }, query);
  const known = parts.map((part) => `known_${part}`);
  // Hashed or sorted, and each node once: an anti join may be a nested loop, of which the planner expects few rows.
  const found = sql`select ${columnsOf(FOUND, parts)} from (${out}) as ${sql.id(FOUND!)} except select ${columnsOf(KNOWN, parts)} from unnest(${columnsOf(WALK, known)}) as ${table(KNOWN, parts)}`;
  const collected = parts.map((part) => sql`array_agg(${sql.id(FOUND!, part)}) as ${sql.id(part)}`);
  const level = sql`select ${sql.join(collected)} from (${found}) as ${sql.id(FOUND!)}`;
  const grown = parts.map((part, i) => sql`${sql.id(WALK!, known[i]!)} || ${sql.id(LEVEL!, part)}`);
  const told = parts.map((part, i) => sql`to_json(${sql.id(WALK!, part)})::text as ${sql.id(`c${i}`)}`);
  return compileStatement(
    compiler.kysely,
    sql`with recursive ${table(WALK, ["depth", ...parts, ...known])} as (select 0, ${sql.join(given)}, ${sql.join(given)} union all select ${sql.id(WALK!, "depth")} + 1, ${columnsOf(LEVEL, parts)}, ${sql.join(grown)} from ${sql.id(WALK!)} cross join lateral (${level}) as ${sql.id(LEVEL!)} where ${sql.id(WALK!, "depth")} < ${paramSlot(query.depth!)} and ${sql.id(LEVEL!, "id")} is not null) select ${sql.join(told)} from ${sql.id(WALK!)} order by ${sql.id(WALK!, "depth")}`,
  );
}

/** From what the statement gives to the rows of the contract. */
export function readReach(rows: readonly (readonly unknown[])[]): readonly Row[] {
  return rows.slice(1).flatMap((row, before): readonly Row[] => {
    const [ids, types] = row.map((list) => JSON.parse(list as string) as readonly string[]);
    const depth = before + 1;
    return types ? ids!.map((id, i) => [id, depth, types[i]!]) : ids!.map((id) => [id, depth]);
  });
}
