/** One of the two directions of a search: how far it has come, and from where it may go on. */
import { type Cost, compareCosts, joined, longer, type Scale } from "./cost.ts";
import { createHeap, type Heap } from "./heap.ts";
import type { SearchEdge, SearchGraph } from "./search-graph.ts";

export interface Label extends Cost {
  readonly node: number;
}

/** A way to a node that has too many edges to be read along: those that were read are gone on over. */
interface Waiting extends Label {
  /** So many of the edges that are known of its node. */
  spread: number;
}

export interface Side {
  /** What was reached and not gone on from, by the number of edges: a path may have no more than so many. */
  readonly queues: readonly Heap<Label>[];
  readonly waiting: Waiting[];
  /** The greatest product of what was reached and is not gone on from any more. */
  dropped: bigint;
  /** The best ways to each node: of two, one has the better product, the other fewer edges. */
  readonly labels: Map<number, readonly Cost[]>;
  /** The nodes where the other side begins: a path does not go on from them. */
  readonly goals: ReadonlySet<number>;
  /** The nodes that no way leads to: its own beginnings. */
  readonly closed: ReadonlySet<number>;
}

export interface Sides {
  readonly side: Side;
  readonly other: Side;
}

export interface Search {
  readonly scale: Scale;
  readonly maxHops: number;
  readonly atOnce: number;
  /** The best that two ways which meet may make; of one day they do make it. Its value, like that of a bound, is times `one` twice. */
  met: Cost | undefined;
  /** Nothing that is no better than this is wanted. */
  enough: Cost | undefined;
}

export function sideFrom(
  own: ReadonlySet<number>,
  {
    goals,
    both,
    scale: { one },
    maxHops,
  }: {
    readonly goals: ReadonlySet<number>;
    readonly both: ReadonlySet<number>;
    readonly scale: Scale;
    readonly maxHops: number;
  },
): Side {
  const side: Side = {
    queues: Array.from({ length: maxHops }, () => createHeap<Label>(compareCosts)),
    ...{ waiting: [], dropped: 0n, labels: new Map() },
    ...{ goals, closed: new Set([...own, ...both]) },
  };
  for (const node of own) {
    side.queues[0]!.push({ node, value: one, hops: 0 });
    side.labels.set(node, [{ value: one, hops: 0 }]);
  }
  return side;
}

/** Those that something may still be reached from: of each number of edges the best that is not read, and whatever waits. */
export function openLabels({ queues, waiting }: Side): readonly Label[] {
  const open: Label[] = [...waiting];
  for (const queue of queues) {
    const best = queue.peek();
    if (best) open.push(best);
  }
  return open;
}

/** With which product at most a node is reached: with that which is known, or by way of what was not gone on from. */
export function reachOf(side: Side): (node: number) => bigint {
  const open = greatest(openLabels(side), side.dropped);
  return (node) => greatest(side.labels.get(node) ?? [], open);
}

function greatest(labels: readonly Pick<Label, "value">[], least: bigint): bigint {
  let most = least;
  for (const { value } of labels) if (value > most) most = value;
  return most;
}

/** How many there are to go on from. */
export function widthOf({ queues }: Side): number {
  return queues.reduce((sum, { size }) => sum + size, 0);
}

/** Goes on from whatever is best and was read already, and over the edges that are known of what waits. */
export function settle<E extends SearchEdge>(graph: SearchGraph<E>, sides: Sides, search: Search): void {
  const { side } = sides;
  for (;;) {
    for (const label of side.waiting) {
      const known = graph.halves(label.node).length;
      spread(graph, sides, { search, label, from: label.spread });
      label.spread = known;
    }
    keepWaiting(side, ({ node }) => graph.rest(node) > 0);
    const queue = side.queues.find((each) => each.size > 0 && graph.isOpened(each.peek()!.node));
    if (!queue) return;
    goOn(graph, sides, { search, label: queue.pop()! });
  }
}

/** Over all edges of a node that was read; over those that are known, where it waits. */
export function goOn<E extends SearchEdge>(
  graph: SearchGraph<E>,
  sides: Sides,
  { search, label }: { readonly search: Search; readonly label: Label },
): void {
  if (graph.rest(label.node) > 0) sides.side.waiting.push({ ...label, spread: 0 });
  else spread(graph, sides, { search, label, from: 0 });
}

function keepWaiting({ waiting }: Side, isKept: (label: Waiting) => boolean): void {
  const kept = waiting.filter(isKept);
  if (kept.length < waiting.length) waiting.splice(0, waiting.length, ...kept);
}

/** The best labels with as many edges as this one; without those from which no path is short enough, or good enough. */
export function takeBest<E extends SearchEdge>(
  graph: SearchGraph<E>,
  { side, other }: Sides,
  { first, search }: { readonly first: Label; readonly search: Search },
): readonly Label[] {
  const { maxHops, atOnce, enough } = search;
  const queue = side.queues[first.hops]!;
  const others = openLabels(other);
  const isWanted = (label: Label) => {
    const isGood = others.some((end) => {
      const bound = joined(label, end);
      return bound.hops <= maxHops && !(enough && compareCosts(bound, enough) > 0);
    });
    if (!isGood && label.value > side.dropped) side.dropped = label.value;
    return isGood;
  };
  const taken: Label[] = [];
  let unread = 0;
  for (let label = queue.peek(); label && unread < atOnce; label = queue.peek()) {
    queue.pop();
    if (!isWanted(label)) continue;
    taken.push(label);
    if (!graph.isOpened(label.node)) unread++;
  }
  keepWaiting(side, isWanted);
  return taken;
}

function spread<E extends SearchEdge>(
  graph: SearchGraph<E>,
  { side, other }: Sides,
  { search, label, from }: { readonly search: Search; readonly label: Label; readonly from: number },
): void {
  const hops = label.hops + 1;
  const halves = graph.halves(label.node);
  for (let i = from; i < halves.length; i++) {
    const { far, edge } = halves[i]!;
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
    if (hops < search.maxHops && !side.goals.has(far)) side.queues[hops]!.push(reached);
  }
}

function meet(search: Search, way: Cost, others: readonly Cost[] = []): void {
  for (const { value, hops } of others) {
    const whole = { value: way.value * value, hops: way.hops + hops };
    if (whole.hops <= search.maxHops && (!search.met || compareCosts(whole, search.met) < 0)) search.met = whole;
  }
}
