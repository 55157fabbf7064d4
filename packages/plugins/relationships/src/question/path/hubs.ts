/** The things of a search that have too many edges to be read along with others. */
import { FULL } from "./cost.ts";
import type { Answer, SearchEdge, SearchGraph, Wanted } from "./search-graph.ts";
import type { Label } from "./search-side.ts";

interface Hub {
  readonly edges: number;
  /** So many of its strongest edges are read next. */
  most: number;
}

/** To find the strongest edges of a hub costs about as much as to read one in so many of them. */
const SHARE = 10;

/** Of a hub the strongest edges are read, so many first (all, where it is infinite), and then ten times as many, until these are all. */
export function createHubs<E extends SearchEdge>(graph: SearchGraph<E>, firstPart: number) {
  const hubs = new Map<number, Hub>();
  /** Edges that were read of others since a hub was read. */
  let spent = 0;
  const costOf = (node: number) => hubs.get(node)!.edges / SHARE;
  const has = (node: number) => hubs.has(node) && graph.rest(node) > 0;
  return {
    has,
    /** What was read of several things. */
    add(nodes: readonly number[], { edges, hubs: found }: Answer<E>): void {
      const before = graph.size();
      graph.add(edges);
      spent += graph.size() - before;
      for (const node of nodes) {
        const many = found?.get(graph.keyOf(node));
        if (many !== undefined) hubs.set(node, { edges: many, most: firstPart });
        graph.open(node, many === undefined ? 0 : FULL);
      }
    },
    /**
     * The hub to be read now, of two things between which there is a gap: where nothing else closes it, or as much was read of others as it costs
     * (so that no more than twice the least is read).
     */
    next({ a, b }: { readonly a: Label; readonly b: Label }): number | undefined {
      const [one, ...more] = [a.node, b.node].filter(has);
      if (one === undefined) return undefined;
      const [other] = more;
      if (other === undefined) return spent >= costOf(one) ? one : undefined;
      return costOf(other) < costOf(one) ? other : one;
    },
    *read(node: number): Generator<Wanted, void, Answer<E>> {
      const hub = hubs.get(node)!;
      const strongest = hub.most < hub.edges ? hub.most : Number.POSITIVE_INFINITY;
      const { edges, rest = 0 } = yield { nodes: [graph.keyOf(node)], strongest };
      graph.add(edges);
      graph.open(node, rest);
      hub.most *= SHARE;
      spent = 0;
    },
  };
}
