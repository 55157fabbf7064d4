/** Questions about a whole network, as services. The graph library is loaded by the first that needs it. */
import type { RelationshipsContext } from "../parts.ts";
import { type CentralityQuery, centralityOf } from "./centrality.ts";
import { type CommunitiesQuery, communitiesOf } from "./communities.ts";
import { type OpenGraphQuery, openGraph } from "./open-graph.ts";

export const graphServices = (context: RelationshipsContext) => ({
  /**
   * Who matters, by degree, betweenness (Freeman 1977; as by Brandes 2001), closeness (Wasserman and Faust 1994) and PageRank (Brin and Page 1998), all but
   * the degree from 0 to 1: of all relationships of a day, or around things. The first measure orders.
   *
   * @throws `invalid_input`, `not_found`, `unknown_relationship_type`, `search_too_wide`
   */
  centralityOf: (query?: CentralityQuery) => centralityOf(context, query),
  /**
   * Which things belong together, by the Louvain method (Blondel and others 2008), weighted by strength; the same seed gives the same answer.
   *
   * @throws as `centralityOf`
   */
  communitiesOf: (query?: CommunitiesQuery) => communitiesOf(context, query),
  /**
   * Reads all relationships of a day into memory, for many quick questions about them.
   *
   * @throws as `centralityOf`
   * @example
   * ```ts run with relationships
   * const graph = await crm.relationships.openGraph({ on: "2025-06-01" });
   * console.log(graph.things, graph.relationships, graph.shortestPaths(anna, bela).length); // 3 2 1, without the storage
   * ```
   */
  openGraph: (query?: OpenGraphQuery) => openGraph(context, query),
});
