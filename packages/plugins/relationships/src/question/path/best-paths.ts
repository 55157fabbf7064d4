/**
 * The best simple paths in what was read, one after another (Yen, "Finding the K Shortest Loopless Paths in a Network", 1971, with Lawler's
 * partition of 1972, so that no path is found twice). Each is searched with the best completion that there could be as a bound (A*: Hart,
 * Nilsson, Raphael, 1968), and each search goes on only while none of the others can find a better one; a label keeps the days that its edges
 * share, and only one that is no worse in all makes another needless.
 */
import { completionsOf } from "./completions.ts";
import { type Cost, compareCosts, dividedUp, longer, type Scale } from "./cost.ts";
import { createHeap, type Heap } from "./heap.ts";
import type { SearchEdge, SearchGraph } from "./search-graph.ts";

export interface FoundPath<E> {
  /** Keys, from a start to an end. */
  readonly nodes: readonly string[];
  /** `edges[i]` lies between `nodes[i]` and `nodes[i + 1]`. */
  readonly edges: readonly E[];
}

export interface PathTerms {
  readonly count: number;
  readonly maxHops: number;
  readonly scale: Scale;
  readonly during: { readonly first: number; readonly last: number };
  /** Without those that are both. */
  readonly starts: ReadonlySet<number>;
  readonly ends: ReadonlySet<number>;
  /** These are paths by themselves, and of no other. */
  readonly both: ReadonlySet<number>;
  /** No path that is asked for is worse than this, whose value is times `one` twice. */
  readonly enough?: Cost | undefined;
  /** The greatest product with which a node may be reached from a start, at most. */
  readonly reach?: ((node: number) => bigint) | undefined;
}

/** A way to a node, which begins with a start. */
interface Way extends Cost {
  readonly node: number;
  readonly edge: number | undefined;
  readonly before: Way | undefined;
  /** The days that all of its edges share. */
  readonly first: number;
  readonly last: number;
  /** With the best completion. */
  readonly whole: Cost;
}

/** The paths that go on from a way by none of these edges; without a way, those that begin with none of these starts. */
interface Part {
  readonly way: Way | undefined;
  readonly banned: ReadonlySet<number>;
}

/** The search for the best path of a part. */
interface Branch {
  readonly part: Part;
  readonly queue: Heap<Way>;
  readonly settled: Map<number, Way[]>;
  /** What its best path costs at least; exactly, where that was found. */
  readonly cost: Cost;
  readonly path: Way | undefined;
}

/** The best first. `worst`: what the last of as many as are asked for costs, with its value times `one` twice; undefined where there are fewer. */
export function bestPaths<E extends SearchEdge>(
  graph: SearchGraph<E>,
  terms: PathTerms,
): { readonly paths: readonly FoundPath<E>[]; readonly worst: Cost | undefined } {
  const compare = comparing(graph);
  const search = searchIn(graph, terms, compare);
  // Of equal ones what may still come before a path is looked into before the path is told.
  const found = createHeap<Branch>(
    (a, b) => compareCosts(a.cost, b.cost) || (a.path && b.path ? compare(a.path, b.path) : a.path ? 1 : -1),
  );
  const look = (part: Part) => {
    const branch = search.begin(part);
    if (branch) found.push(branch);
  };
  look({ way: undefined, banned: new Set() });
  const paths: FoundPath<E>[] = [];
  for (let next = found.pop(); next; next = found.pop()) {
    if (!next.path) {
      const further = search.goOn(next, found.peek()?.cost);
      if (further) found.push(further);
      continue;
    }
    paths.push(pathOf(graph, next.path));
    const { value, hops } = next.path;
    if (paths.length === terms.count) return { paths, worst: { value: value * terms.scale.one, hops } };
    for (const part of partsWithout(next.path, next.part)) look(part);
  }
  return { paths, worst: undefined };
}

/** All paths of a part but one, in parts without a path in common. */
function partsWithout(path: Way, { way, banned }: Part): readonly Part[] {
  const ways = waysOf(path);
  const at = way ? ways.indexOf(way) : -1;
  return ways.slice(at + 1).map((next, i): Part => {
    const leaving = next.edge ?? next.node;
    return { way: next.before, banned: new Set(i === 0 ? [...banned, leaving] : [leaving]) };
  });
}

function searchIn<E extends SearchEdge>(
  graph: SearchGraph<E>,
  { starts, ends, both, during, maxHops, scale, enough, reach }: PathTerms,
  compare: (a: Way, b: Way) => number,
) {
  const isClosed = new Set([...starts, ...both]);
  const { best, fewest } = completionsOf(graph, { ends, closed: isClosed, scale, maxHops, enough, reach });
  const wholeOf = (node: number, before: number | undefined, { value, hops }: Cost): Cost | undefined => {
    const rest = best(node, before);
    if (!rest || hops + fewest.get(node)! > maxHops) return undefined;
    const twice = { value: value * rest.value, hops: hops + rest.hops };
    if (enough && compareCosts(twice, enough) > 0) return undefined;
    return { value: scale.byStrength ? dividedUp(twice.value, scale.one) : value, hops: twice.hops };
  };
  const begin = (node: number): readonly Way[] => {
    const whole = wholeOf(node, undefined, { value: scale.one, hops: 0 });
    const start = { node, value: scale.one, hops: 0, edge: undefined, before: undefined, ...during };
    return whole ? [{ ...start, whole }] : [];
  };
  const onwards = (way: Way, far: number, edge: number): Way | undefined => {
    const over = graph.edge(edge);
    const [first, last] = [Math.max(way.first, over.first), Math.min(way.last, over.last)];
    if (first > last) return undefined;
    const [value, hops] = [longer(scale, way.value, over.strength), way.hops + 1];
    const whole = wholeOf(far, way.node, { value, hops });
    return whole && { node: far, edge, before: way, value, hops, first, last, whole };
  };
  const branchAt = (branch: Pick<Branch, "part" | "queue" | "settled">): Branch | undefined => {
    const best = branch.queue.peek();
    return best && { ...branch, cost: best.whole, path: undefined };
  };
  const spread = (
    { part: { way: prefix, banned }, queue, settled }: Pick<Branch, "part" | "queue" | "settled">,
    way: Way,
  ) => {
    const passed = prefix ? waysOf(prefix) : [];
    for (const { far, edge } of graph.halves(way.node)) {
      if (isClosed.has(far) || passed.some(({ node }) => node === far) || (way === prefix && banned.has(edge)))
        continue;
      const next = onwards(way, far, edge);
      if (next && !settled.get(far)?.some((other) => isNoWorse(other, next))) queue.push(next);
    }
  };
  return {
    begin: (part: Part): Branch | undefined => {
      const branch = { part, queue: createHeap(compare), settled: new Map<number, Way[]>() };
      if (part.way) spread(branch, part.way);
      else for (const start of starts) if (!part.banned.has(start)) begin(start).forEach(branch.queue.push);
      return branchAt(branch);
    },
    /** Until its best path is found, or costs more than this; undefined where there is none. */
    goOn: (branch: Branch, most: Cost | undefined): Branch | undefined => {
      const { queue, settled } = branch;
      for (let way = queue.peek(); way; way = queue.peek()) {
        if (most && compareCosts(way.whole, most) > 0) return branchAt(branch);
        queue.pop();
        if (ends.has(way.node)) return { ...branch, cost: way.whole, path: way };
        const others = settled.get(way.node);
        if (others?.some((other) => isNoWorse(other, way!))) continue;
        if (others) others.push(way);
        else settled.set(way.node, [way]);
        spread(branch, way);
      }
      return undefined;
    },
  };
}

function isNoWorse(a: Way, b: Way): boolean {
  return a.value >= b.value && a.hops <= b.hops && a.first <= b.first && a.last >= b.last;
}

/** By what they can come to at best; those that are equal by the keys of what they pass, a beginning before what goes on from it. */
function comparing<E extends SearchEdge>(graph: SearchGraph<E>) {
  return (a: Way, b: Way): number => {
    const better = compareCosts(a.whole, b.whole);
    if (better !== 0 || a === b) return better;
    let [one, other] = [a, b];
    while (one.hops > other.hops) one = one.before!;
    while (other.hops > one.hops) other = other.before!;
    let difference = a.hops - b.hops;
    for (let [x, y]: (Way | undefined)[] = [one, other]; x && y && x !== y; x = x.before, y = y.before) {
      const [k, l] = [graph.keyOf(x.node), graph.keyOf(y.node)];
      if (k !== l) difference = k < l ? -1 : 1;
      else if (x.edge !== y.edge) difference = precedes(graph.edge(x.edge!), graph.edge(y.edge!)) ? -1 : 1;
    }
    return difference;
  };
}

/** Ids are all texts or all numbers. */
function precedes({ id }: SearchEdge, other: SearchEdge): boolean {
  return (id as string) < (other.id as string);
}

/** From the start on. */
function waysOf(path: Way): readonly Way[] {
  const ways: Way[] = [];
  for (let way: Way | undefined = path; way; way = way.before) ways.push(way);
  return ways.reverse();
}

function pathOf<E extends SearchEdge>(graph: SearchGraph<E>, path: Way): FoundPath<E> {
  const ways = waysOf(path);
  return {
    nodes: ways.map(({ node }) => graph.keyOf(node)),
    edges: ways.slice(1).map(({ edge }) => graph.edge(edge!)),
  };
}
