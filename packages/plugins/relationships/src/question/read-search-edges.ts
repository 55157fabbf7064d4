/** The edges that a search asks for: no more of each than it goes by. */
import { count } from "@relata/core/plugin";
import type { RelationshipRecord, RelationshipsContext } from "../parts.ts";
import { chunksOf, thingKey } from "../things.ts";
import type { AskedEdges } from "./asked-edges.ts";
import type { Budget } from "./budget.ts";
import { FULL } from "./path/cost.ts";
import type { Answer, SearchEdge, Wanted } from "./path/search-graph.ts";

const FIELDS = [
  ...(["typeId", "fromType", "fromId", "toType", "toId", "strength"] as const),
  ...(["validFrom", "validFromIs", "validUntil", "validUntilIs"] as const),
] as const;
const ENDS = ["from", "to"] as const;
type End = (typeof ENDS)[number];

const PAGE = 1_000;
/** A page of many edges of one thing sorts all that are left of them: of these there are to be few. */
const LARGE_PAGE = 10_000;
/** What has more edges at one end is a hub: it is left out until it is asked for alone. */
const MANY = 2_000;

export interface StoredEdge extends SearchEdge {
  readonly id: string;
}

export interface EdgeReader {
  /** Two queries for every thousand things, four where these have over a thousand edges. One without strength is none. @throws `search_too_wide` */
  read(wanted: Wanted): Promise<Answer<StoredEdge>>;
  /** Those between two groups. @throws `search_too_wide` */
  readBetween(keys: readonly string[], others: readonly string[]): Promise<readonly StoredEdge[]>;
}

type Found = Pick<RelationshipRecord, "id" | (typeof FIELDS)[number]>;

export function edgeReader(
  context: RelationshipsContext,
  { asked, budget }: { readonly asked: AskedEdges; readonly budget: Budget },
): EdgeReader {
  const { relationships } = context;

  /** As the thing at this end sees it, where that is one of those asked about. */
  const seenAt = (edge: Found, end: End, near: ReadonlySet<string>): readonly StoredEdge[] => {
    budget.spend(1);
    const from = thingKey({ entityType: edge.fromType, id: edge.fromId });
    const to = thingKey({ entityType: edge.toType, id: edge.toId });
    const [at, far] = end === "from" ? [from, to] : [to, from];
    const [days, strength] = [asked.daysOf(edge), asked.strengthOf(edge)];
    return near.has(at) && days && strength > 0 ? [{ id: edge.id, near: at, far, strength, ...days }] : [];
  };

  const readEach = async (keys: readonly string[]): Promise<Answer<StoredEdge>> => {
    const near = new Set(keys);
    const edges: StoredEdge[] = [];
    const hubs = new Map<string, number>();
    const add = (found: Iterable<Found>, end: End) => {
      for (const edge of found) edges.push(...seenAt(edge, end, near));
    };
    for (const end of ENDS) {
      for (const ids of chunksOf([...new Set(keys.map(idOfKey))])) {
        const asking = { where: { and: [asked.where(end), at(end, ids)] }, select: FIELDS, orderBy: orderAround(end) };
        const { items, next } = await relationships.list({ ...asking, limit: PAGE });
        if (next === undefined) {
          add(items, end);
          continue;
        }
        const many = await edgesOfEach(context, { ids, end, where: asked.where(end) });
        for (const key of keys)
          if (many.has(idOfKey(key))) hubs.set(key, many.get(idOfKey(key))! + (hubs.get(key) ?? 0));
        const others = ids.filter((id) => !many.has(id));
        if (others.length === 0) continue;
        const rest = { ...asking, where: { and: [asked.where(end), at(end, others)] }, pageSize: LARGE_PAGE };
        for await (const edge of relationships.iterate(rest)) add([edge], end);
      }
    }
    return { edges, hubs };
  };

  const readStrongest = async (key: string, most: number): Promise<Answer<StoredEdge>> => {
    const edges: StoredEdge[] = [];
    let rest = 0;
    for (const end of ENDS) {
      const where = { and: [asked.where(end), at(end, [idOfKey(key)])] };
      const orderBy = most === Number.POSITIVE_INFINITY ? orderAround(end) : ([{ strength: "desc" }] as const);
      let found = 0;
      for await (const edge of relationships.iterate({
        ...{ where, orderBy, select: FIELDS },
        pageSize: Math.min(most, LARGE_PAGE),
      })) {
        edges.push(...seenAt(edge, end, new Set([key])));
        if (++found < most) continue;
        // Those that have the strength of their type come first.
        rest = Math.max(rest, edge.strength === null ? FULL : asked.strengthOf(edge));
        break;
      }
    }
    return { edges, rest };
  };

  return {
    read: ({ nodes, strongest }) => (strongest === undefined ? readEach(nodes) : readStrongest(nodes[0]!, strongest)),
    readBetween: async (keys, others) => {
      const [near, beyond] = [new Set(keys), new Set(others)];
      const edges: StoredEdge[] = [];
      for (const [end, other] of [ENDS, ENDS.toReversed() as [End, End]] as const)
        for (const ids of chunksOf(keys.map(idOfKey)))
          for (const farIds of chunksOf([...new Set(others.map(idOfKey))])) {
            const where = { and: [asked.where(end), at(end, ids), at(other, farIds)] };
            for await (const edge of relationships.iterate({ where, select: FIELDS, orderBy: orderAround(other) }))
              edges.push(...seenAt(edge, end, near).filter(({ far }) => beyond.has(far)));
          }
      return edges;
    },
  };
}

/** Of those that have many. */
async function edgesOfEach(
  context: RelationshipsContext,
  { ids, end, where }: { readonly ids: readonly string[]; readonly end: End; readonly where: object },
): Promise<ReadonlyMap<string, number>> {
  const groups = await context.relationships.aggregate({
    where: { and: [where, at(end, ids)] },
    groupBy: { id: `${end}Id` as const },
    measures: { edges: count() },
  });
  return new Map(groups.flatMap(({ id, edges }) => (edges > MANY ? [[id as string, edges] as const] : [])));
}

/** The relationships themselves, in no order. */
export async function edgesById(
  context: RelationshipsContext,
  ids: Iterable<string>,
): Promise<ReadonlyMap<string, RelationshipRecord>> {
  const found = new Map<string, RelationshipRecord>();
  for (const part of chunksOf([...new Set(ids)]))
    for await (const edge of context.relationships.iterate({ where: { id: { in: part } } })) found.set(edge.id, edge);
  return found;
}

/** The order of the index that finds edges by this end: a page does not sort those of the pages before it again. */
export function orderAround(end: End) {
  return end === "from" ? ([{ fromId: "asc" }] as const) : ([{ toId: "asc" }] as const);
}

function at(end: End, ids: readonly string[]): object {
  return { [`${end}Id`]: { in: ids } };
}

function idOfKey(key: string): string {
  return key.slice(key.indexOf(" ") + 1);
}

export function thingOfKey(key: string): { readonly entityType: string; readonly id: string } {
  return { entityType: key.slice(0, key.indexOf(" ")), id: idOfKey(key) };
}
