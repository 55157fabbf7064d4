/** search of a handle: one ranked list over several entities, with what matched. */
import { CrmError } from "../../errors.ts";
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import { compareText } from "../value/text.ts";
import type { Params } from "./compilation.ts";
import { checkedLimit, compileFind } from "./compile-find.ts";
import { SEARCH_RANKS } from "./compile-search.ts";
import { matchesIn, matchIncludes } from "./find-matches.ts";
import { compareRanked, type Ranked, rankRecords, type Search } from "./rank-records.ts";
import { MOST_IN_PAGE, refuseUnknown } from "./read-records.ts";
import type { FoundRecord } from "./search-hit.ts";
import { DEFAULT_HITS, loadRows } from "./search-records.ts";
import { readSearchText, type SearchText } from "./search-text.ts";
import { isSearchable, requireSearchable } from "./searched-fields.ts";

export interface SearchRequest {
  readonly entities?: unknown;
  readonly limit?: unknown;
  readonly archived?: unknown;
}

interface Searched {
  readonly scope: Scope;
  readonly search: Search;
}

interface Candidate extends Ranked {
  readonly entity: string;
}

type Everywhere = Omit<Scope, "entity">;
type Hit = FoundRecord<string, object>;

const PLACE = { name: "search" };

export async function searchAll(on: Everywhere, given: unknown, request: SearchRequest): Promise<readonly Hit[]> {
  refuseUnknown({ entity: PLACE }, request, ["entities", "limit", "archived"]);
  const { limit = DEFAULT_HITS, archived } = request;
  const most = checkedLimit(PLACE, limit, MOST_IN_PAGE);
  const text = readSearchText(PLACE.name, given);
  const all = entitiesOf(on, request.entities).map((entity): Searched => {
    const bound: Params = [];
    const compiled = compileFind({ schema: on.kernel.schema, entity, params: bound }, { archived });
    return { scope: { ...on, entity }, search: { text, limit: most, compiled, bound } };
  });
  if (text.terms.length === 0) return [];
  const candidates: Candidate[] = [];
  // One after another: a unit has one connection.
  for (const { scope, search } of all) {
    const ranked = await rankRecords(scope, search);
    candidates.push(...ranked.map((each) => ({ ...each, entity: scope.entity.name })));
  }
  const best = candidates.sort(compareCandidates).slice(0, most);
  const hits = new Map<Candidate, Hit>();
  for (const each of all) {
    const own = best.filter(({ entity }) => entity === each.scope.entity.name);
    for (const [candidate, hit] of await loadHits(each, text, own)) hits.set(candidate, hit);
  }
  return best.flatMap((candidate) => hits.get(candidate) ?? []);
}

function compareCandidates(a: Candidate, b: Candidate): number {
  return compareRanked(a, b) || compareText(a.entity, b.entity) || compareText(a.id, b.id);
}

/** Those asked for; otherwise all that can be searched, without those that are searched for others. */
function entitiesOf({ kernel, binding }: Everywhere, named: unknown): readonly EntitySchema[] {
  const { schema } = kernel;
  if (named === undefined)
    return [...schema.entities.values()].filter(
      (entity) =>
        isSearchable(schema, entity) &&
        entity.searchFor.length === 0 &&
        (binding.asOf === undefined || entity.history !== undefined),
    );
  if (!Array.isArray(named) || named.length === 0)
    throw refused("", "must be a list of entities: leave it out to search in all of them");
  return [...new Set<unknown>(named)].map((name) => {
    const entity = typeof name === "string" ? schema.entities.get(name) : undefined;
    if (!entity) throw refused(String(name), `names "${String(name)}", and no such entity is installed`);
    requireSearchable(schema, entity);
    return entity;
  });
}

function refused(entity: string, problem: string): CrmError {
  const details = { ...(entity === "" ? {} : { entity }), field: "entities" };
  return new CrmError("invalid_query", `search.entities ${problem}.`, { details });
}

async function loadHits(
  { scope, search }: Searched,
  text: SearchText,
  ranked: readonly Candidate[],
): Promise<ReadonlyMap<Candidate, Hit>> {
  const { entity, kernel } = scope;
  const params = [...search.bound];
  const include = matchIncludes({ schema: kernel.schema, entity, params }, text);
  const rows = await loadRows(scope, search, { ranked, params, include });
  const hits = new Map<Candidate, Hit>();
  for (const candidate of ranked) {
    const row = rows.get(candidate.id);
    if (!row) continue;
    const record = search.compiled.decode(row);
    const related = row.slice(search.compiled.query.columns.length);
    const matched = matchesIn({ schema: kernel.schema, entity, text }, record, related);
    const { id, rank } = candidate;
    hits.set(candidate, { entity: entity.name, id, record, rank: SEARCH_RANKS[rank]!, matched });
  }
  return hits;
}
