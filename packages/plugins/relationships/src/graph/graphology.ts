/** The graph library, loaded when it is first used. */
import type { AbstractGraph } from "graphology-types";
import { FULL } from "../question/path/cost.ts";
import type { Network } from "./read-network.ts";

type Measure = (graph: AbstractGraph, options?: object) => { readonly [node: string]: number };
type Weigh = { readonly getEdgeWeight: "weight" };

interface Graphology {
  readonly betweenness: Measure;
  readonly closeness: Measure;
  readonly pagerank: Measure;
}

export interface Louvain {
  detailed(
    graph: AbstractGraph,
    options: Weigh & { readonly resolution: number; readonly rng: () => number },
  ): { readonly communities: { readonly [node: string]: number }; readonly modularity: number };
}

/** Undirected; the weight of a tie is its strength, from 0 to 1. Things and ties come in their order, so that answers repeat. */
export async function graphOf({ things, ties }: Network): Promise<AbstractGraph> {
  const { UndirectedGraph } = await import("graphology");
  const graph: AbstractGraph = new UndirectedGraph();
  for (const key of things.keys()) graph.addNode(key);
  for (const { a, b, strength } of ties) graph.addEdge(a, b, { weight: strength / FULL });
  return graph;
}

export async function loadMeasures(): Promise<Graphology> {
  const [betweenness, closeness, pagerank] = await Promise.all([
    import("graphology-metrics/centrality/betweenness.js"),
    import("graphology-metrics/centrality/closeness.js"),
    import("graphology-metrics/centrality/pagerank.js"),
  ]);
  return {
    betweenness: exported<Measure>(betweenness),
    closeness: exported<Measure>(closeness),
    pagerank: exported<Measure>(pagerank),
  };
}

export async function loadLouvain(): Promise<Louvain> {
  return exported<Louvain>(await import("graphology-communities-louvain"));
}

/** These modules are CommonJS: what they export is the default, which their types say otherwise. */
function exported<T>(module: { readonly default: unknown }): T {
  return module.default as T;
}
