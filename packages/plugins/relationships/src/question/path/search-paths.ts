/**
 * The best paths between two sets of things, searched from both ends at once, over edges that are read as they are needed: each time those
 * of the best things of the side that has fewer (Pohl, "Bi-directional Search", 1971; for products Nicholson, "Finding the Shortest Route
 * between Two Points in a Network", 1966). It ends as soon as nothing unread can be better than what was found.
 */
import { bestPaths, type FoundPath, type PathTerms } from "./best-paths.ts";
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
  /** So many things at least are read at a time, where there are so many; 50 unless given. */
  readonly atOnce?: number | undefined;
}

export interface Days {
  readonly first: number;
  readonly last: number;
}

/** Yields things whose edges are needed, and is given them: all that share a day with `during`. */
export type PathWalk<E extends SearchEdge> = Generator<readonly string[], readonly FoundPath<E>[], Iterable<E>>;

interface Label extends Cost {
  readonly node: number;
}

interface Side {
  readonly queue: Heap<Label>;
  /** How many in the queue have so many edges. */
  readonly queued: number[];
  /** The best ways to each node: of two, one has the better product, the other fewer edges. */
  readonly labels: Map<number, readonly Cost[]>;
  /** The nodes where the other side begins: a path does not go on from them. */
  readonly goals: ReadonlySet<number>;
  /** The nodes that no way leads to: its own beginnings. */
  readonly closed: ReadonlySet<number>;
}

interface Search {
  readonly scale: Scale;
  readonly maxHops: number;
  readonly atOnce: number;
  /** The best that two ways which meet may make; of one day they do make it. Its value, like that of a bound, is times `one` twice. */
  met: Cost | undefined;
  /** Nothing that is no better than this is wanted. */
  enough: Cost | undefined;
}

/**
 * The first thing of a path is the only one that is of the starts, the last one the only one of the ends; what is both is a path by itself.
 * Paths differ in an edge at least. The best first; those that are equal by the things and the edges that they pass, in the order of their keys.
 */
export function* searchPaths<E extends SearchEdge>(asked: PathSearch): PathWalk<E> {
  const [first, last] = [new Set(asked.starts), new Set(asked.ends)];
  const alone = [...first].filter((key) => last.has(key)).toSorted();
  const found = alone.map((key): FoundPath<E> => ({ nodes: [key], edges: [] })).slice(0, asked.count);
  const count = asked.count - found.length;
  if (count === 0) return found;
  const graph = createSearchGraph<E>();
  const scale = scaleFor(asked.maxHops, asked.byStrength);
  const both = new Set(alone.map(graph.node));
  const starts = new Set([...first].filter((key) => !last.has(key)).map(graph.node));
  const ends = new Set([...last].filter((key) => !first.has(key)).map(graph.node));
  const sides = [
    sideFrom(starts, { goals: ends, both, scale }),
    sideFrom(ends, { goals: starts, both, scale }),
  ] as const;
  const terms = { ...asked, count, scale, starts, ends, both };
  const enough = yield* readBetween(graph, sides, terms);
  return [...found, ...bestPaths(graph, { ...terms, enough }).paths];
}

/** Reads until the best paths in what was read are the best that there are; gives what none of them is worse than, where that is known. */
function* readBetween<E extends SearchEdge>(
  graph: SearchGraph<E>,
  [ahead, behind]: readonly [Side, Side],
  terms: PathTerms & Pick<PathSearch, "atOnce">,
): Generator<readonly string[], Cost | undefined, Iterable<E>> {
  const { scale, maxHops, atOnce = 50, count, during } = terms;
  const search: Search = { scale, maxHops, atOnce, met: undefined, enough: undefined };
  const isSimple = count === 1 && during.first === during.last;
  let triedAt = 0;
  for (;;) {
    settle(graph, { side: ahead, other: behind }, search);
    settle(graph, { side: behind, other: ahead }, search);
    const [a, b] = [ahead.queue.peek(), behind.queue.peek()];
    // All that can be reached from one of the sides was read.
    if (!a || !b) return search.enough;
    // What a path with an edge that was not read is no better than.
    const bound = joined(a, b);
    if (isSimple) search.enough = search.met;
    else if (!search.enough && search.met && compareCosts(search.met, bound) < 0 && graph.size() >= 2 * triedAt) {
      triedAt = graph.size();
      search.enough = bestPaths(graph, terms).worst;
    }
    if (search.enough && compareCosts(search.enough, bound) < 0) return search.enough;
    const [side, other] = behind.queue.size < ahead.queue.size ? [behind, ahead] : [ahead, behind];
    const labels = takeBest(graph, { side, other }, search);
    const nodes = [...new Set(labels.map(({ node }) => node))].filter((node) => !graph.isRead(node));
    if (nodes.length > 0) graph.addEdgesOf(nodes, yield nodes.map(graph.keyOf));
    for (const label of labels) spread(graph, { side, other }, { search, label });
  }
}

function sideFrom(
  own: ReadonlySet<number>,
  {
    goals,
    both,
    scale: { one },
  }: { readonly goals: ReadonlySet<number>; readonly both: ReadonlySet<number>; readonly scale: Scale },
): Side {
  const side: Side = {
    ...{ queue: createHeap<Label>(compareCosts), queued: [], labels: new Map() },
    ...{ goals, closed: new Set([...own, ...both]) },
  };
  for (const node of own) {
    push(side, { node, value: one, hops: 0 });
    side.labels.set(node, [{ value: one, hops: 0 }]);
  }
  return side;
}

function push({ queue, queued }: Side, label: Label): void {
  queue.push(label);
  queued[label.hops] = (queued[label.hops] ?? 0) + 1;
}

function pop({ queue, queued }: Side): Label {
  const label = queue.pop()!;
  queued[label.hops]!--;
  return label;
}

interface Sides {
  readonly side: Side;
  readonly other: Side;
}

/** Goes on from whatever is best and was read already. */
function settle<E extends SearchEdge>(graph: SearchGraph<E>, sides: Sides, search: Search): void {
  const { queue } = sides.side;
  for (let top = queue.peek(); top && graph.isRead(top.node); top = queue.peek())
    spread(graph, sides, { search, label: pop(sides.side) });
}

/** The best labels, with all that equal the first one; without those from which no path is short enough, or good enough. */
function takeBest<E extends SearchEdge>(
  graph: SearchGraph<E>,
  { side, other }: Sides,
  { maxHops, atOnce, enough }: Search,
): readonly Label[] {
  const first = side.queue.peek()!;
  const most = maxHops - 1 - other.queued.findIndex((labels) => labels > 0);
  const taken: Label[] = [];
  let unread = 0;
  for (let label = side.queue.peek(); label; label = side.queue.peek()) {
    if (unread >= atOnce && compareCosts(label, first) !== 0) break;
    pop(side);
    if (label.hops > most) continue;
    if (enough && compareCosts(joined(label, other.queue.peek()!), enough) > 0) continue;
    taken.push(label);
    if (!graph.isRead(label.node)) unread++;
  }
  return taken;
}

function spread<E extends SearchEdge>(
  graph: SearchGraph<E>,
  { side, other }: Sides,
  { search, label }: { readonly search: Search; readonly label: Label },
): void {
  const hops = label.hops + 1;
  for (const { far, edge } of graph.halves(label.node)) {
    if (side.closed.has(far)) continue;
    const value = longer(search.scale, label.value, graph.edge(edge).strength);
    const known = side.labels.get(far);
    if (known?.some((each) => each.value >= value && each.hops <= hops)) continue;
    const reached = { node: far, value, hops };
    side.labels.set(
      far,
      known ? [...known.filter((each) => each.value > value || each.hops < hops), reached] : [reached],
    );
    meet(search, reached, other.labels.get(far));
    if (hops < search.maxHops && !side.goals.has(far)) push(side, reached);
  }
}

function meet(search: Search, way: Cost, others: readonly Cost[] = []): void {
  for (const { value, hops } of others) {
    const whole = { value: way.value * value, hops: way.hops + hops };
    if (whole.hops <= search.maxHops && (!search.met || compareCosts(whole, search.met) < 0)) search.met = whole;
  }
}
