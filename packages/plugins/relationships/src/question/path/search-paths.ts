/**
 * The best paths between two sets of things, searched from both ends at once, over edges that are read as they are needed: each time those
 * of the best things of the side that has fewer (Pohl, "Bi-directional Search", 1971; for products Nicholson, "Finding the Shortest Route
 * between Two Points in a Network", 1966). It ends as soon as nothing unread can be better than what was found.
 */
import { bestPaths, type FoundPath } from "./best-paths.ts";
import { type Cost, compareCosts, joined, longer, type Scale, scaleFor } from "./cost.ts";
import { createHeap, type Heap } from "./heap.ts";
import { createSearchGraph, type SearchEdge, type SearchGraph } from "./search-graph.ts";

export interface PathSearch {
  readonly starts: readonly string[];
  readonly ends: readonly string[];
  /** So many paths at most. */
  readonly count: number;
  /** Of so many edges at most. */
  readonly maxHops: number;
  /** Whether the greatest product of strengths is best, or the fewest edges. */
  readonly byStrength: boolean;
  /** All edges of a path share a day of these. */
  readonly during: Days;
}

export interface Days {
  readonly first: number;
  readonly last: number;
}

/** Yields things whose edges are needed, and is given them: all that share a day with `during`. */
export type PathWalk<E extends SearchEdge> = Generator<readonly string[], readonly FoundPath<E>[], Iterable<E>>;

/** So many things at least are read at a time, where there are so many. */
const AT_ONCE = 50;

interface Label extends Cost {
  readonly node: number;
}

interface Side {
  readonly queue: Heap<Label>;
  /** The best ways to each node: of two, one has the better product, the other fewer edges. */
  readonly labels: Map<number, readonly Cost[]>;
  /** The nodes where the other side begins: a path does not go on from them. */
  readonly goals: ReadonlySet<number>;
  /** The nodes that no way leads to: its own beginnings. */
  readonly closed: ReadonlySet<number>;
}

/**
 * The first thing of a path is the only one that is of the starts, the last one the only one of the ends; what is both is a path by itself.
 * Paths differ in an edge at least. The best first; those that are equal by the things and the edges that they pass, in the order of their keys.
 */
export function* searchPaths<E extends SearchEdge>(asked: PathSearch): PathWalk<E> {
  const graph = createSearchGraph<E>();
  const scale = scaleFor(asked.maxHops, asked.byStrength);
  const [ahead, behind] = sidesOf(graph, asked, scale);
  const terms = { ...asked, scale, starts: behind.goals, ends: ahead.goals, both: bothOf(graph, asked) };
  for (;;) {
    for (const side of [ahead, behind]) settle(graph, side, { scale, maxHops: asked.maxHops });
    const bound = boundOf(ahead, behind);
    const hasMet = [...smaller(ahead.labels, behind.labels)].some(
      (node) => ahead.labels.has(node) && behind.labels.has(node),
    );
    if (!bound) return bestPaths(graph, terms).paths;
    if (hasMet || terms.both.length > 0) {
      const { paths, isComplete } = bestPaths(graph, { ...terms, bound });
      if (isComplete) return paths;
    }
    const [side, other] = behind.queue.size < ahead.queue.size ? [behind, ahead] : [ahead, behind];
    const labels = takeBest(graph, side, asked.maxHops - 1 - fewestHops(other));
    const nodes = [...new Set(labels.map(({ node }) => node))].filter((node) => !graph.isRead(node));
    if (nodes.length > 0) graph.addEdgesOf(nodes, yield nodes.map(graph.keyOf));
    for (const label of labels) spread(graph, side, { label, scale, maxHops: asked.maxHops });
  }
}

function smaller<K>(a: ReadonlyMap<K, unknown>, b: ReadonlyMap<K, unknown>): Iterable<K> {
  return (a.size < b.size ? a : b).keys();
}

function bothOf<E extends SearchEdge>(graph: SearchGraph<E>, { starts, ends }: PathSearch): readonly number[] {
  const wanted = new Set(ends);
  return [...new Set(starts)].filter((key) => wanted.has(key)).map(graph.node);
}

function sidesOf<E extends SearchEdge>(
  graph: SearchGraph<E>,
  { starts, ends }: PathSearch,
  { one }: Scale,
): readonly [Side, Side] {
  const [first, last] = [new Set(starts), new Set(ends)];
  const both = [...first].filter((key) => last.has(key)).map(graph.node);
  const froms = new Set([...first].filter((key) => !last.has(key)).map(graph.node));
  const tos = new Set([...last].filter((key) => !first.has(key)).map(graph.node));
  const side = (own: ReadonlySet<number>, goals: ReadonlySet<number>): Side => {
    const queue = createHeap<Label>(compareCosts);
    const labels = new Map<number, readonly Cost[]>();
    for (const node of own) {
      queue.push({ node, value: one, hops: 0 });
      labels.set(node, [{ value: one, hops: 0 }]);
    }
    return { queue, labels, goals, closed: new Set([...own, ...both]) };
  };
  return [side(froms, tos), side(tos, froms)];
}

/** What a path with an edge that was not read is no better than, `one` twice; undefined where there is none. */
function boundOf(ahead: Side, behind: Side): Cost | undefined {
  const [a, b] = [ahead.queue.peek(), behind.queue.peek()];
  return a && b ? joined(a, b) : undefined;
}

function fewestHops({ queue }: Side): number {
  return queue.items.reduce((fewest, { hops }) => Math.min(fewest, hops), Number.POSITIVE_INFINITY);
}

/** Goes on from whatever is best and was read already. */
function settle<E extends SearchEdge>(
  graph: SearchGraph<E>,
  side: Side,
  terms: { readonly scale: Scale; readonly maxHops: number },
): void {
  for (let top = side.queue.peek(); top && graph.isRead(top.node); top = side.queue.peek()) {
    side.queue.pop();
    spread(graph, side, { ...terms, label: top });
  }
}

/** The best labels, with all that equal the first one. From those of more edges than `most`, no path is short enough. */
function takeBest<E extends SearchEdge>(graph: SearchGraph<E>, { queue }: Side, most: number): readonly Label[] {
  const first = queue.peek()!;
  const taken: Label[] = [];
  let unread = 0;
  for (let label = queue.peek(); label; label = queue.peek()) {
    if (unread >= AT_ONCE && compareCosts(label, first) !== 0) break;
    queue.pop();
    if (label.hops > most) continue;
    taken.push(label);
    if (!graph.isRead(label.node)) unread++;
  }
  return taken;
}

function spread<E extends SearchEdge>(
  graph: SearchGraph<E>,
  side: Side,
  { label, scale, maxHops }: { readonly label: Label; readonly scale: Scale; readonly maxHops: number },
): void {
  const hops = label.hops + 1;
  for (const { far, edge } of graph.halves(label.node)) {
    if (side.closed.has(far)) continue;
    const value = longer(scale, label.value, graph.edge(edge).strength);
    const known = side.labels.get(far) ?? [];
    if (known.some((each) => each.value >= value && each.hops <= hops)) continue;
    side.labels.set(far, [...known.filter((each) => each.value > value || each.hops < hops), { value, hops }]);
    if (hops < maxHops && !side.goals.has(far)) side.queue.push({ node: far, value, hops });
  }
}
