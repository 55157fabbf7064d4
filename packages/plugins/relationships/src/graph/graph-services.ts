/** Questions about a whole network, as services. The graph library is loaded by the first that needs it. */
import type { RelationshipsContext } from "../parts.ts";
import { type CentralityQuery, centralityOf } from "./centrality.ts";
import { type CommunitiesQuery, communitiesOf } from "./communities.ts";
import { type OpenGraphQuery, openGraph } from "./open-graph.ts";

export const graphServices = (context: RelationshipsContext) => ({
  /**
   * Who matters, by degree, betweenness, closeness and PageRank: of all relationships of a day, or around things. The first measure orders.
   *
   * @throws `invalid_input`, `not_found`, `unknown_relationship_type`, `search_too_wide`
   */
  centralityOf: (query?: CentralityQuery) => centralityOf(context, query),
  /** Which things belong together, by the Louvain method; the same seed gives the same answer. @throws as `centralityOf` */
  communitiesOf: (query?: CommunitiesQuery) => communitiesOf(context, query),
  /** Reads all relationships of a day into memory, for many quick questions about them. @throws as `centralityOf` */
  openGraph: (query?: OpenGraphQuery) => openGraph(context, query),
});
