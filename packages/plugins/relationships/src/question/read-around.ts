/** The relationships around things, read until there are too many. */
import type { RecordReference } from "@relata/core/plugin";
import { type OrientedEdge, orient } from "../edges-around.ts";
import type { RelationshipsContext } from "../parts.ts";
import { chunksOf, isSameThing, thingKey } from "../things.ts";
import type { End } from "../type/type-ends.ts";
import type { AskedEdges } from "./asked-edges.ts";

/** How many relationships a question may read. */
export interface Budget {
  /** @throws `search_too_wide` */
  spend(edges: number): void;
}

/** `field` is the option by which it is raised. */
export function budgetOf(context: RelationshipsContext, most: number, field = "maxEdges"): Budget {
  let left = most;
  return {
    spend: (edges) => {
      left -= edges;
      if (left < 0) throw context.error("search_too_wide", { entity: "relationship", field, most });
    },
  };
}

/** The order of the index that finds edges by this end: a page does not sort those of the pages before it again. */
export function orderAround(end: End) {
  return end === "from" ? ([{ fromId: "asc" }] as const) : ([{ toId: "asc" }] as const);
}

/**
 * All edges of the things that are asked for, an edge between two of them once from each, and one from a thing to itself once. Two queries for
 * every thousand things, and one for each thousand edges. @throws `search_too_wide`
 */
export async function readAround(
  context: RelationshipsContext,
  things: readonly RecordReference[],
  { asked, budget }: { readonly asked: AskedEdges; readonly budget: Budget },
): Promise<readonly OrientedEdge[]> {
  const near = new Set(things.map(thingKey));
  const found: OrientedEdge[] = [];
  for (const end of ["from", "to"] as const) {
    for (const ids of chunksOf([...new Set(things.map(({ id }) => id))])) {
      const where = { and: [asked.where(end), { [`${end}Id`]: { in: ids } }] };
      for await (const edge of context.relationships.iterate({ where, orderBy: orderAround(end) })) {
        budget.spend(1);
        const oriented = orient(edge, asked.types.get(edge.typeId)!, end);
        const isAgain = end === "to" && isSameThing(oriented.near, oriented.far);
        if (!isAgain && near.has(thingKey(oriented.near)) && asked.daysOf(edge)) found.push(oriented);
      }
    }
  }
  return found;
}
