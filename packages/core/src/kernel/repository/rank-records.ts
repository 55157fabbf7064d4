/** The ids of what is found in one entity, the best first. */
import type { Scope } from "../kernel.ts";
import type { Predicate } from "../storage/predicate.ts";
import type { FindQuery, IncludeQuery, OrderKey, Row } from "../storage/query.ts";
import { compareText } from "../value/text.ts";
import type { Params } from "./compilation.ts";
import type { CompiledFind } from "./compile-find.ts";
import { rankCondition, SEARCH_RANKS } from "./compile-search.ts";
import { sendFind } from "./read-session.ts";
import type { SearchText } from "./search-text.ts";
import { titleColumn } from "./searched-fields.ts";
import { ID } from "./stored-row.ts";

/** Fewer matches than these are all ranked. */
const MANY = 200;

/** What is searched, and among what. */
export interface Search {
  readonly text: SearchText;
  readonly limit: number;
  readonly compiled: CompiledFind;
  /** The values of the compiled query. */
  readonly bound: Params;
}

export interface Ranked {
  readonly id: string;
  /** Position in `SEARCH_RANKS`. */
  readonly rank: number;
  /** The first folded text; null where the entity or the record has none. */
  readonly title: string | null;
}

/** By rank, then by the title, then by id. */
export function compareRanked(a: Omit<Ranked, "id">, b: Omit<Ranked, "id">): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.title === null || b.title === null) return Number(a.title === null) - Number(b.title === null);
  return compareText(a.title, b.title);
}

/**
 * Two ways to one answer. Few matches are found by one scan, with the rank of each, where to ask rank by rank would scan for each.
 * Many are asked for rank by rank in the wanted order, where each query ends as soon as there are enough. One query, or at most five.
 */
export async function rankRecords(scope: Scope, search: Search): Promise<readonly Ranked[]> {
  const matches = await firstMatches(scope, search);
  if (matches.length === MANY) return askRankByRank(scope, search);
  // They are in the order of their ids, and sorting keeps that among equals.
  return matches.toSorted(compareRanked).slice(0, search.limit);
}

/** By id. Whether a record has one of the better ranks is asked by including it in itself. */
async function firstMatches(scope: Scope, { text, compiled, bound }: Search): Promise<readonly Ranked[]> {
  const { entity, kernel } = scope;
  const params = [...bound];
  const at = { schema: kernel.schema, entity, params };
  const better = SEARCH_RANKS.slice(0, -1).map((rank): IncludeQuery => {
    const where = rankCondition(at, text, rank);
    const query = { table: entity.table.name, columns: ["id"], where, orderBy: [], include: [] };
    return { cardinality: "one", local: "id", foreign: "id", query };
  });
  const query: FindQuery = {
    table: entity.table.name,
    columns: columnsOf(scope),
    where: { kind: "and", of: [compiled.query.where, rankCondition(at, text, "part")] },
    orderBy: [{ column: "id", direction: "asc" }],
    limit: params.push(MANY) - 1,
    include: better,
  };
  return (await sendFind(scope, query, params)).map((row) => {
    const rank = row.slice(query.columns.length).findIndex((itself) => itself !== null);
    return rankedOf(scope, row, rank < 0 ? SEARCH_RANKS.length - 1 : rank);
  });
}

async function askRankByRank(scope: Scope, { text, limit, compiled, bound }: Search): Promise<readonly Ranked[]> {
  const { entity, kernel } = scope;
  const found: Ranked[] = [];
  for (const [rank, name] of SEARCH_RANKS.entries()) {
    const params = [...bound];
    const others: Predicate = { kind: "in", column: "id", values: params.push(found.map(({ id }) => id)) - 1 };
    const matches = rankCondition({ schema: kernel.schema, entity, params }, text, name);
    const query: FindQuery = {
      table: entity.table.name,
      columns: columnsOf(scope),
      where: { kind: "and", of: [compiled.query.where, matches, { kind: "not", of: others }] },
      orderBy: columnsOf(scope)
        .toReversed()
        .map((column): OrderKey => ({ column, direction: "asc" })),
      limit: params.push(limit - found.length) - 1,
      include: [],
    };
    for (const row of await sendFind(scope, query, params)) found.push(rankedOf(scope, row, rank));
    if (found.length >= limit) break;
  }
  return found;
}

/** The id, and the title where the entity has one. */
function columnsOf({ entity }: Scope): readonly string[] {
  const title = titleColumn(entity);
  return title === undefined ? ["id"] : ["id", title];
}

function rankedOf({ entity }: Scope, row: Row, rank: number): Ranked {
  const title = titleColumn(entity) === undefined ? null : (row[1] as string | null);
  return { id: row[ID] as string, rank, title };
}
