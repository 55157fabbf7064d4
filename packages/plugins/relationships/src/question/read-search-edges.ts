/** The edges that a search for paths asks for: no more of each than it goes by. */
import type { RelationshipsContext } from "../parts.ts";
import { chunksOf, thingKey } from "../things.ts";
import type { AskedEdges } from "./asked-edges.ts";
import type { SearchEdge } from "./path/search-graph.ts";
import { type Budget, orderAround } from "./read-around.ts";

const FIELDS = [
  ...(["typeId", "fromType", "fromId", "toType", "toId", "strength"] as const),
  ...(["validFrom", "validFromIs", "validUntil", "validUntilIs"] as const),
] as const;

export interface StoredEdge extends SearchEdge {
  readonly id: string;
}

/** Two queries for every thousand things, and one for each thousand edges. One without strength is none. @throws `search_too_wide` */
export async function readSearchEdges(
  context: RelationshipsContext,
  keys: readonly string[],
  { asked, budget }: { readonly asked: AskedEdges; readonly budget: Budget },
): Promise<readonly StoredEdge[]> {
  const near = new Set(keys);
  const edges: StoredEdge[] = [];
  for (const end of ["from", "to"] as const) {
    for (const ids of chunksOf([...new Set(keys.map(idOfKey))])) {
      const where = { and: [asked.where(end), { [`${end}Id`]: { in: ids } }] };
      for await (const edge of context.relationships.iterate({ where, select: FIELDS, orderBy: orderAround(end) })) {
        budget.spend(1);
        const from = thingKey({ entityType: edge.fromType, id: edge.fromId });
        const to = thingKey({ entityType: edge.toType, id: edge.toId });
        const [at, far] = end === "from" ? [from, to] : [to, from];
        const days = asked.daysOf(edge);
        const strength = asked.strengthOf(edge);
        if (near.has(at) && days && strength > 0) edges.push({ id: edge.id, near: at, far, strength, ...days });
      }
    }
  }
  return edges;
}

function idOfKey(key: string): string {
  return key.slice(key.indexOf(" ") + 1);
}

export function thingOfKey(key: string): { readonly entityType: string; readonly id: string } {
  return { entityType: key.slice(0, key.indexOf(" ")), id: idOfKey(key) };
}
