/** search: a ranked list for a search box. */
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import type { Predicate } from "../storage/predicate.ts";
import type { FindQuery, OrderKey } from "../storage/query.ts";
import type { Compilation, Params } from "./compilation.ts";
import { checkedLimit, compileFind, type FindRequest } from "./compile-find.ts";
import { foldedColumns, inSomeField, partsCondition, searchWords } from "./compile-search.ts";
import { MOST_IN_PAGE, refuseUnknown } from "./read-records.ts";
import { sendFind } from "./read-session.ts";
import { ID } from "./write-scope.ts";

const DEFAULT_LIMIT = 20;

/** From the best match to the least; a record is in the first of them that it satisfies. */
const RANKS: readonly ((at: Compilation, words: readonly string[]) => Predicate)[] = [
  (at, words) => inSomeField(at, { operator: "eq", value: words.join(" ") }),
  (at, words) => inSomeField(at, { operator: "startsWith", value: words.join(" ") }),
  (at, words) => inSomeField(at, { operator: "contains", value: ` ${words.join(" ")}` }),
  partsCondition,
];

/** One query for each rank, until there are enough. Within a rank: by the first folded field, then by id. */
export async function searchRecords(scope: Scope, text: unknown, request: FindRequest): Promise<readonly object[]> {
  const { entity, kernel } = scope;
  refuseUnknown(scope, request, ["where", "include", "select", "archived", "limit"]);
  const { limit: given = DEFAULT_LIMIT, ...find } = request;
  const limit = checkedLimit(entity, given, MOST_IN_PAGE);
  const words = searchWords(entity, text);
  const bound: Params = [];
  const { query, decode } = compileFind({ schema: kernel.schema, entity, params: bound }, find);
  const found = new Map<string, object>();
  for (const rank of words.length === 0 ? [] : RANKS) {
    const params = [...bound];
    const others: Predicate = { kind: "in", column: "id", values: params.push([...found.keys()]) - 1 };
    const matches = rank({ schema: kernel.schema, entity, params }, words);
    const ranked: FindQuery = {
      ...query,
      where: { kind: "and", of: [query.where, matches, { kind: "not", of: others }] },
      orderBy: orderOf(entity),
      limit: params.push(limit - found.size) - 1,
    };
    for (const row of await sendFind(scope, ranked, params)) found.set(row[ID] as string, decode(row));
    if (found.size >= limit) break;
  }
  return [...found.values()];
}

function orderOf(entity: EntitySchema): readonly OrderKey[] {
  return [
    { column: foldedColumns(entity)[0]!, direction: "asc" },
    { column: "id", direction: "asc" },
  ];
}
