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
}

export interface Completions {
  /** The greatest product, or a little more where its way has more edges than a path may have. */
  readonly best: ReadonlyMap<number, Cost>;
  /** The fewest edges: a way with the better product may be too long. */
  readonly fewest: ReadonlyMap<number, number>;
}

export function completionsOf<E extends SearchEdge>(graph: SearchGraph<E>, terms: CompletionTerms): Completions {
  const fewest = fewestEdges(graph, terms);
  const { scale, ends } = terms;
  if (!scale.byStrength)
    return { fewest, best: new Map([...fewest].map(([node, hops]) => [node, { value: scale.one, hops }])) };
  const best = new Map<number, Cost>();
  const queue = createHeap<Cost & { readonly node: number }>(compareCosts);
  for (const node of ends) queue.push({ node, value: scale.one, hops: 0 });
  for (let top = queue.pop(); top; top = queue.pop()) {
    const { node, value, hops } = top;
    if (terms.enough && compareCosts({ value: value * scale.one, hops }, terms.enough) > 0) break;
    if (best.has(node)) continue;
    best.set(node, { value, hops });
    if (terms.closed.has(node)) continue;
    for (const { far, edge } of graph.halves(node))
      if (fewest.has(far) && !best.has(far))
        queue.push({ node: far, value: longerAtMost(value, graph.edge(edge).strength), hops: hops + 1 });
  }
  return { best, fewest };
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
