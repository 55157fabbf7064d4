/** search: a ranked list for a search box. */
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import type { Predicate } from "../storage/predicate.ts";
import type { FindQuery, OrderKey, Row } from "../storage/query.ts";
import { compareText } from "../value/text.ts";
import type { Compilation, Params } from "./compilation.ts";
import { type CompiledFind, checkedLimit, compileFind, type FindRequest } from "./compile-find.ts";
import { foldedColumns, inSomeField, partsCondition, searchWords } from "./compile-search.ts";
import { MOST_IN_PAGE, refuseUnknown } from "./read-records.ts";
import { sendFind } from "./read-session.ts";
import { ID } from "./stored-row.ts";

const DEFAULT_LIMIT = 20;
/** Fewer matches than these are ranked here. */
const MANY = 200;

/** From the best match to the least: as a condition, and as what holds of a folded text. A record is in the first that it satisfies. */
const RANKS: readonly {
  condition(at: Compilation, words: readonly string[]): Predicate;
  holds(text: string, searched: string): boolean;
}[] = [
  {
    condition: (at, words) => inSomeField(at, { operator: "eq", value: words.join(" ") }),
    holds: (text, searched) => text === searched,
  },
  {
    condition: (at, words) => inSomeField(at, { operator: "startsWith", value: words.join(" ") }),
    holds: (text, searched) => text.startsWith(searched),
  },
  {
    condition: (at, words) => inSomeField(at, { operator: "contains", value: ` ${words.join(" ")}` }),
    holds: (text, searched) => text.includes(` ${searched}`),
  },
  { condition: partsCondition, holds: () => true },
];

/** What is searched, and how what is found is shaped. */
interface Search {
  readonly words: readonly string[];
  readonly limit: number;
  readonly compiled: CompiledFind;
  /** The values of the compiled query. */
  readonly bound: Params;
}

/**
 * Two ways to one answer. Few matches are found by one scan and ranked here, where to ask rank by rank would scan for each. Many
 * are asked for rank by rank in the wanted order, where each query ends as soon as there are enough.
 */
export async function searchRecords(scope: Scope, text: unknown, request: FindRequest): Promise<readonly object[]> {
  const { entity, kernel } = scope;
  refuseUnknown(scope, request, ["where", "include", "select", "archived", "limit"]);
  const { limit: given = DEFAULT_LIMIT, ...find } = request;
  const limit = checkedLimit(entity, given, MOST_IN_PAGE);
  const words = searchWords(entity, text);
  const bound: Params = [];
  const compiled = compileFind({ schema: kernel.schema, entity, params: bound }, find);
  if (words.length === 0) return [];
  const search: Search = { words, limit, compiled, bound };
  const matches = await matchesOf(scope, search);
  return matches.length < MANY ? loadRanked(scope, search, matches) : askRankByRank(scope, search);
}

/** The first matches, by id: ids and folded texts. */
function matchesOf(scope: Scope, { words, compiled, bound }: Search): Promise<readonly Row[]> {
  const { entity, kernel } = scope;
  const params = [...bound];
  const matches = partsCondition({ schema: kernel.schema, entity, params }, words);
  const query: FindQuery = {
    table: entity.table.name,
    columns: ["id", ...foldedColumns(entity)],
    where: { kind: "and", of: [compiled.query.where, matches] },
    orderBy: [{ column: "id", direction: "asc" }],
    limit: params.push(MANY) - 1,
    include: [],
  };
  return sendFind(scope, query, params);
}

async function loadRanked(scope: Scope, search: Search, matches: readonly Row[]): Promise<readonly object[]> {
  if (matches.length === 0) return [];
  const { words, limit, compiled, bound } = search;
  const searched = words.join(" ");
  const ranked = matches.map((row) => {
    const texts = row.slice(1).filter((text) => text !== null) as readonly string[];
    return { id: row[0] as string, first: row[1] as string | null, rank: rankOf(texts, searched) };
  });
  // They are in the order of their ids, and sorting keeps that among equals.
  ranked.sort((a, b) => a.rank - b.rank || compareNullable(a.first, b.first));
  const ids = ranked.slice(0, limit).map(({ id }) => id);
  const params = [...bound];
  const chosen: Predicate = { kind: "in", column: "id", values: params.push(ids) - 1 };
  const where: Predicate = { kind: "and", of: [compiled.query.where, chosen] };
  const rows = await sendFind(scope, { ...compiled.query, where }, params);
  const records = new Map(rows.map((row) => [row[ID], compiled.decode(row)]));
  return ids.flatMap((id) => records.get(id) ?? []);
}

function rankOf(texts: readonly string[], searched: string): number {
  return RANKS.findIndex(({ holds }) => texts.some((text) => holds(text, searched)));
}

/** Null last. */
function compareNullable(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compareText(a, b);
}

/** One query for each rank, until there are enough. */
async function askRankByRank(scope: Scope, search: Search): Promise<readonly object[]> {
  const { entity, kernel } = scope;
  const { words, limit, compiled, bound } = search;
  const found = new Map<string, object>();
  for (const { condition } of RANKS) {
    const params = [...bound];
    const others: Predicate = { kind: "in", column: "id", values: params.push([...found.keys()]) - 1 };
    const matches = condition({ schema: kernel.schema, entity, params }, words);
    const query: FindQuery = {
      ...compiled.query,
      where: { kind: "and", of: [compiled.query.where, matches, { kind: "not", of: others }] },
      orderBy: orderOf(entity),
      limit: params.push(limit - found.size) - 1,
    };
    for (const row of await sendFind(scope, query, params)) found.set(row[ID] as string, compiled.decode(row));
    if (found.size >= limit) break;
  }
  return [...found.values()];
}

/** Within a rank: by the first folded field, then by id. */
function orderOf(entity: EntitySchema): readonly OrderKey[] {
  return [
    { column: foldedColumns(entity)[0]!, direction: "asc" },
    { column: "id", direction: "asc" },
  ];
}
