/** search of a repository: a ranked list for a search box. */
import type { Scope } from "../kernel.ts";
import type { Predicate } from "../storage/predicate.ts";
import type { IncludeQuery, Row } from "../storage/query.ts";
import type { Params } from "./compilation.ts";
import { checkedLimit, compileFind, type FindRequest } from "./compile-find.ts";
import { type Ranked, rankRecords, type Search } from "./rank-records.ts";
import { MOST_IN_PAGE, refuseUnknown } from "./read-records.ts";
import { sendFind } from "./read-session.ts";
import { readSearchText } from "./search-text.ts";
import { requireSearchable } from "./searched-fields.ts";
import { ID } from "./stored-row.ts";

export const DEFAULT_HITS = 20;

export async function searchRecords(scope: Scope, text: unknown, request: FindRequest): Promise<readonly object[]> {
  const { entity, kernel } = scope;
  refuseUnknown(scope, request, ["where", "include", "select", "archived", "limit"]);
  const { limit = DEFAULT_HITS, ...find } = request;
  requireSearchable(kernel.schema, entity);
  const bound: Params = [];
  const search: Search = {
    limit: checkedLimit(entity, limit, MOST_IN_PAGE),
    text: readSearchText(entity.name, text),
    compiled: compileFind({ schema: kernel.schema, entity, params: bound }, find),
    bound,
  };
  if (search.text.terms.length === 0) return [];
  const ranked = await rankRecords(scope, search);
  const rows = await loadRows(scope, search, { ranked, params: [...bound], include: [] });
  return ranked.flatMap(({ id }) => {
    const row = rows.get(id);
    return row ? [search.compiled.decode(row)] : [];
  });
}

/** The rows of what was found, by id, with what is included besides; `params` has the values of all of it. */
export async function loadRows(
  scope: Scope,
  { compiled }: Search,
  it: { readonly ranked: readonly Ranked[]; readonly params: Params; readonly include: readonly IncludeQuery[] },
): Promise<ReadonlyMap<string, Row>> {
  if (it.ranked.length === 0) return new Map();
  const { query } = compiled;
  const chosen: Predicate = { kind: "in", column: "id", values: it.params.push(it.ranked.map(({ id }) => id)) - 1 };
  const where: Predicate = { kind: "and", of: [query.where, chosen] };
  const rows = await sendFind(scope, { ...query, where, include: [...query.include, ...it.include] }, it.params);
  return new Map(rows.map((row) => [row[ID] as string, row]));
}
