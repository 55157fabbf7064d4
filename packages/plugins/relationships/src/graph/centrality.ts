/** Who matters in a network, by standard measures. */
import * as z from "zod";
import { parsed } from "../asked.ts";
import type { RelationshipsContext } from "../parts.ts";
import { type NamedThing, nameThings } from "../question/name-things.ts";
import { graphOf, loadMeasures } from "./graphology.ts";
import { type NetworkQuery, networkFields, readNetwork } from "./read-network.ts";

export const measures = ["degree", "betweenness", "closeness", "pagerank"] as const;
export type CentralityMeasure = (typeof measures)[number];

export interface CentralityQuery extends NetworkQuery {
  /** By the first of them things are ordered; all four unless given. Betweenness and closeness take things times ties. */
  readonly measures?: readonly CentralityMeasure[] | undefined;
  /** The first of them; all unless given. */
  readonly limit?: number | undefined;
}

/** A measure that was not asked for is undefined. */
export interface Centrality {
  readonly thing: NamedThing;
  /** To how many different things it is related directly. */
  readonly degree: number | undefined;
  /**
   * The share of the shortest paths between any two others that pass it, by the fewest ties, from 0 to 1 (Freeman 1977; computed as by Brandes, "A Faster
   * Algorithm for Betweenness Centrality", 2001). 0 where there are fewer than three things.
   */
  readonly betweenness: number | undefined;
  /**
   * The number of things that it reaches over the sum of their distances, times the share of all others that these are, from 0 to 1 (Wasserman and Faust,
   * "Social Network Analysis", 1994, 5.2.2: well defined where not all are connected). 0 where it reaches none.
   */
  readonly closeness: number | undefined;
  /** How often a walk that follows ties by their strength, and begins anew in 15 of 100 steps, is at it; all add up to 1 (Brin and Page 1998). */
  readonly pagerank: number | undefined;
}

const querySchema = z.strictObject({
  ...networkFields,
  measures: z
    .array(z.enum(measures))
    .min(1)
    .default([...measures]),
  limit: z.int().min(1).optional(),
});

export async function centralityOf(
  context: RelationshipsContext,
  query: CentralityQuery = {},
): Promise<readonly Centrality[]> {
  const { measures: asked, limit, ...rest } = parsed("relationship", querySchema, query);
  const network = await readNetwork(context, rest);
  if (network.things.size === 0) return [];
  const graph = await graphOf(network);
  const load = await loadMeasures();
  const nothing = Object.fromEntries([...network.things.keys()].map((key) => [key, 0]));
  const figures = {
    degree: () => Object.fromEntries(graph.mapNodes((key) => [key, graph.degree(key)])),
    // Its normal form divides by the pairs of others.
    betweenness: () => (graph.order < 3 ? nothing : load.betweenness(graph, { getEdgeWeight: null, normalized: true })),
    closeness: () => load.closeness(graph, { wassermanFaust: true }),
    pagerank: () =>
      load.pagerank(graph, { getEdgeWeight: "weight", alpha: 0.85, maxIterations: 1_000, tolerance: 1e-9 }),
  };
  const found = new Map(asked.map((measure) => [measure, figures[measure]()]));
  const figure = (measure: CentralityMeasure, key: string) => found.get(measure)?.[key];
  const [first] = asked as [CentralityMeasure];
  const ordered = [...network.things]
    .toSorted(([a], [b]) => figure(first, b)! - figure(first, a)! || (a < b ? -1 : 1))
    .slice(0, limit);
  const named = await nameThings(
    context,
    ordered.map(([, thing]) => thing),
  );
  return ordered.map(([key, thing]) => ({
    thing: named(thing),
    ...{ degree: figure("degree", key), betweenness: figure("betweenness", key) },
    ...{ closeness: figure("closeness", key), pagerank: figure("pagerank", key) },
  }));
}
