/** How figures of accounts become figures of all that is at or below each of them: in trees, and in graphs without counting twice. */
import type { Exact } from "./exact.ts";

/** That one account is directly below another, and as what part of it. */
export interface Holding {
  readonly parentId: string;
  readonly childId: string;
  /** 1 is the whole. */
  readonly factor: Exact;
}

/** Accounts with what lies between them. There are no circles. */
export interface Group {
  /** Parents before their children. */
  readonly order: readonly string[];
  readonly holdings: ReadonlyMap<string, readonly Holding[]>;
  /** Accounts below which there is one that is reached in several ways: the sums of their children have it more than once. */
  readonly overlapping: ReadonlySet<string>;
}

/** The parts of a figure by name: for money by currency. */
export type Tally<P> = ReadonlyMap<string, P>;

export interface Adding<P> {
  merge(a: P, b: P): P;
  /** Where it is given, what is below counts by the part that is owned: along every way, and the ways add up. */
  readonly weigh?: ((part: P, factor: Exact) => P) | undefined;
}

/** @param ids Each once, in any order. Holdings of others are left out. */
export function groupOf(ids: readonly string[], holdings: readonly Holding[]): Group {
  const below = new Map<string, Holding[]>(ids.map((id) => [id, []]));
  const waitingFor = new Map<string, number>(ids.map((id) => [id, 0]));
  for (const holding of holdings) {
    const parents = waitingFor.get(holding.childId);
    const children = below.get(holding.parentId);
    if (parents === undefined || children === undefined) continue;
    children.push(holding);
    waitingFor.set(holding.childId, parents + 1);
  }
  const several = new Set([...waitingFor].flatMap(([id, parents]) => (parents > 1 ? [id] : [])));
  const order = ids.filter((id) => waitingFor.get(id) === 0);
  for (let at = 0; at < order.length; at++) {
    for (const { childId } of below.get(order[at]!)!) {
      const left = waitingFor.get(childId)! - 1;
      waitingFor.set(childId, left);
      if (left === 0) order.push(childId);
    }
  }
  return { order, holdings: below, overlapping: overlappingOf(order, below, several) };
}

function overlappingOf(
  order: readonly string[],
  below: ReadonlyMap<string, readonly Holding[]>,
  several: ReadonlySet<string>,
): ReadonlySet<string> {
  const overlapping = new Set<string>();
  if (several.size === 0) return overlapping;
  for (const id of order.toReversed()) {
    if (below.get(id)!.some(({ childId }) => several.has(childId) || overlapping.has(childId))) overlapping.add(id);
  }
  return overlapping;
}

/** What is at and below each account; an account without an entry amounts to nothing. */
export function addUp<P>(
  group: Group,
  own: ReadonlyMap<string, Tally<P>>,
  adding: Adding<P>,
): ReadonlyMap<string, Tally<P>> {
  const totals = new Map<string, Tally<P>>();
  for (const id of group.order.toReversed()) {
    const total = adding.weigh
      ? weighted(group, totals, { id, own, adding })
      : plain(group, totals, { id, own, adding });
    if (total.size > 0) totals.set(id, total);
  }
  return totals;
}

interface At<P> {
  readonly id: string;
  readonly own: ReadonlyMap<string, Tally<P>>;
  readonly adding: Adding<P>;
}

function plain<P>(group: Group, totals: ReadonlyMap<string, Tally<P>>, { id, own, adding }: At<P>): Tally<P> {
  const sum = new Map(own.get(id));
  const into = (tally: Tally<P> | undefined) => add(sum, tally, adding.merge);
  if (group.overlapping.has(id)) for (const each of allBelow(group, id)) into(own.get(each));
  else for (const { childId } of group.holdings.get(id)!) into(totals.get(childId));
  return sum;
}

function weighted<P>(group: Group, totals: ReadonlyMap<string, Tally<P>>, { id, own, adding }: At<P>): Tally<P> {
  const sum = new Map(own.get(id));
  for (const { childId, factor } of group.holdings.get(id)!) {
    const part = [...(totals.get(childId) ?? [])].map(([name, value]) => [name, adding.weigh!(value, factor)] as const);
    add(sum, new Map(part), adding.merge);
  }
  return sum;
}

function add<P>(sum: Map<string, P>, tally: Tally<P> | undefined, merge: (a: P, b: P) => P): void {
  for (const [name, part] of tally ?? []) {
    const there = sum.get(name);
    sum.set(name, there === undefined ? part : merge(there, part));
  }
}

/** Each account below this one, once. */
function allBelow({ holdings }: Pick<Group, "holdings">, id: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { childId } of holdings.get(next) ?? []) {
      if (found.has(childId)) continue;
      found.add(childId);
      open.push(childId);
    }
  }
  return found;
}
