/** How each node gets to an end at best, whatever was passed before (Dijkstra, 1959, from the ends). */
import { type Cost, compareCosts, longerAtMost, type Scale } from "./cost.ts";
import { createHeap } from "./heap.ts";
import type { SearchEdge, SearchGraph } from "./search-graph.ts";

interface CompletionTerms {
  readonly ends: ReadonlySet<number>;
  /** A way may begin with these, and does not pass them. */
  readonly closed: ReadonlySet<number>;
  readonly scale: Scale;
  readonly maxHops: number;
  /** What is worse is not wanted; its value is times `one` twice. */
  readonly enough: Cost | undefined;
  /** The greatest product with which a node may be reached from a start; `one` unless given. */
  readonly reach: ((node: number) => bigint) | undefined;
}

export interface Completions {
  /**
   * The greatest product of a way from the node that does not go back to the one before: around a hub all other ways are mostly better. A little more
   * where that way has more edges than a path may have; undefined where there is none.
   */
  best(node: number, before: number | undefined): Cost | undefined;
  /** The fewest edges: a way with the better product may be too long. */
  readonly fewest: ReadonlyMap<number, number>;
}

/** `next` is where it goes first. */
interface Completion extends Cost {
  readonly node: number;
  readonly next: number | undefined;
}

export function completionsOf<E extends SearchEdge>(graph: SearchGraph<E>, terms: CompletionTerms): Completions {
  const fewest = fewestEdges(graph, terms);
  const { scale, ends, enough, reach = () => scale.one } = terms;
  if (!scale.byStrength) {
    const best = new Map([...fewest].map(([node, hops]) => [node, { value: scale.one, hops }]));
    return { fewest, best: (node) => best.get(node) };
  }
  /** Of each node the best, and the best that goes to another node first: one of them does not go back. */
  const found = new Map<number, Completion[]>();
  const queue = createHeap<Completion>(compareCosts);
  for (const node of ends) queue.push({ node, value: scale.one, hops: 0, next: undefined });
  for (let top = queue.pop(); top; top = queue.pop()) {
    const { node, value, hops, next } = top;
    if (enough && compareCosts({ value: value * scale.one, hops }, enough) > 0) break;
    const others = found.get(node);
    if (others && (others.length === 2 || others[0]!.next === next || ends.has(node))) continue;
    if (others) others.push(top);
    else found.set(node, [top]);
    if (terms.closed.has(node)) continue;
    for (const { far, edge } of graph.halves(node)) {
      const known = found.get(far);
      if (far === next || !fewest.has(far) || known?.length === 2 || known?.[0]?.next === node) continue;
      const longer = { value: longerAtMost(value, graph.edge(edge).strength), hops: hops + 1 };
      if (enough && compareCosts({ ...longer, value: longer.value * reach(far) }, enough) > 0) continue;
      queue.push({ node: far, next: node, ...longer });
    }
  }
  return {
    fewest,
    best: (node, before) => {
      const completions = found.get(node);
      if (!completions) return undefined;
      return completions[0]!.next === before && before !== undefined ? completions[1] : completions[0];
    },
  };
}

function fewestEdges<E extends SearchEdge>(
  graph: SearchGraph<E>,
  { ends, closed, maxHops }: CompletionTerms,
): ReadonlyMap<number, number> {
  const fewest = new Map<number, number>([...ends].map((node) => [node, 0]));
  let level: readonly number[] = [...ends];
  for (let hops = 1; hops <= maxHops && level.length > 0; hops++) {
    const next: number[] = [];
    for (const node of level) {
      if (closed.has(node)) continue;
      for (const { far } of graph.halves(node)) {
        if (fewest.has(far)) continue;
        fewest.set(far, hops);
        next.push(far);
      }
    }
    level = next;
  }
  return fewest;
}
