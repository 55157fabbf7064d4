/**
 * The best paths between two sets of things, searched from both ends at once, over edges that are read as they are needed: each time those
 * of the best things of the side that has fewer (Pohl, "Bi-directional Search", 1971; for products Nicholson, "Finding the Shortest Route
 * between Two Points in a Network", 1966). It ends as soon as nothing unread can be better than what was found. What has very many edges is
 * read last, and its strongest edges first: mostly the other side comes to it over an edge of its own.
 */
import { bestPaths, type FoundPath, type PathTerms } from "./best-paths.ts";
import { type Cost, compareCosts, joined, scaleFor } from "./cost.ts";
import { createHubs } from "./hubs.ts";
import { type Answer, createSearchGraph, type SearchEdge, type SearchGraph, type Wanted } from "./search-graph.ts";
import {
  goOn,
  type Label,
  openLabels,
  reachOf,
  type Search,
  type Side,
  settle,
  sideFrom,
  takeBest,
  widthOf,
} from "./search-side.ts";

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
  /** Of a hub so many of the strongest edges are read first; 1,000 unless given. */
  readonly firstPart?: number | undefined;
}

export interface Days {
  readonly first: number;
  readonly last: number;
}

/** Yields what is to be read, and is given it. */
export type PathWalk<E extends SearchEdge> = Generator<Wanted, readonly FoundPath<E>[], Answer<E>>;

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
    sideFrom(starts, { goals: ends, both, scale, maxHops: asked.maxHops }),
    sideFrom(ends, { goals: starts, both, scale, maxHops: asked.maxHops }),
  ] as const;
  const terms = { ...asked, count, scale, starts, ends, both };
  const enough = yield* readBetween(graph, sides, terms);
  return [...found, ...bestPaths(graph, { ...terms, enough, reach: reachOf(sides[0]) }).paths];
}

/** Reads until the best paths in what was read are the best that there are; gives what none of them is worse than, where that is known. */
function* readBetween<E extends SearchEdge>(
  graph: SearchGraph<E>,
  [ahead, behind]: readonly [Side, Side],
  terms: PathTerms & Pick<PathSearch, "atOnce" | "firstPart">,
): Generator<Wanted, Cost | undefined, Answer<E>> {
  const { scale, maxHops, atOnce = 50, firstPart = 1_000, count, during } = terms;
  const search: Search = { scale, maxHops, atOnce, met: undefined, enough: undefined };
  const isSimple = count === 1 && during.first === during.last;
  const hubs = createHubs(graph, scale.byStrength ? firstPart : Number.POSITIVE_INFINITY);
  let triedAt = 0;
  for (;;) {
    settle(graph, { side: ahead, other: behind }, search);
    settle(graph, { side: behind, other: ahead }, search);
    const gap = widestGap(graph, [ahead, behind], maxHops);
    // All that can be reached from one of the sides was read.
    if (!gap) return search.enough;
    const { bound } = gap;
    if (isSimple) search.enough = search.met;
    else if (search.met && compareCosts(search.met, bound) < 0 && graph.size() >= 2 * triedAt) {
      triedAt = graph.size();
      search.enough =
        bestPaths(graph, { ...terms, enough: search.enough, reach: reachOf(ahead) }).worst ?? search.enough;
    }
    if (search.enough && compareCosts(search.enough, bound) < 0) return search.enough;
    const hub = hubs.next(gap);
    if (hub !== undefined) {
      yield* hubs.read(hub);
      continue;
    }
    const isBehind = hubs.has(gap.a.node) || (!hubs.has(gap.b.node) && widthOf(behind) < widthOf(ahead));
    const sides = isBehind ? { side: behind, other: ahead } : { side: ahead, other: behind };
    const labels = takeBest(graph, sides, { first: isBehind ? gap.b : gap.a, search });
    const nodes = [...new Set(labels.map(({ node }) => node))].filter((node) => !graph.isOpened(node));
    if (nodes.length > 0) hubs.add(nodes, yield { nodes: nodes.map(graph.keyOf) });
    for (const label of labels) goOn(graph, sides, { search, label });
  }
}

interface Gap {
  readonly a: Label;
  readonly b: Label;
  /** What a path is no better than that goes over an edge between the two which was not gone over. */
  readonly bound: Cost;
}

/** The gap between the two sides over which the best path may go that was not found; undefined where there is none. */
function widestGap<E extends SearchEdge>(
  graph: SearchGraph<E>,
  [ahead, behind]: readonly [Side, Side],
  maxHops: number,
): Gap | undefined {
  let widest: Gap | undefined;
  const others = openLabels(behind);
  for (const a of openLabels(ahead)) {
    for (const b of others) {
      const bound = joined(a, b, Math.min(graph.rest(a.node), graph.rest(b.node)));
      if (bound.hops > maxHops) continue;
      // No path passes a thing twice. (What is not opened yet stands for all that come after it.)
      if (a.node === b.node && graph.isOpened(a.node)) continue;
      if (!widest || compareCosts(bound, widest.bound) < 0) widest = { a, b, bound };
    }
  }
  return widest;
}
