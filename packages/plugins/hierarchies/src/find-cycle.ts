/** Whether dated edges make a circle on any day: a pure function, without recursion. */
import { dayAfter, dayBefore, FIRST_DAY, firstDay, LAST_DAY, lastDay, type Validity } from "./valid-on.ts";

/** That one account stands below another on the days of its validity. */
export interface DatedEdge extends Validity {
  readonly childId: string;
  readonly parentId: string;
}

export interface Cycle<E> {
  /** From an account up to its parents, until it is there again. */
  readonly path: readonly string[];
  /** `edges[i]` leads from `path[i]` to `path[i + 1]`. */
  readonly edges: readonly E[];
  /** A day on which all of it holds. */
  readonly on: string;
}

interface Part<E> {
  readonly edges: readonly E[];
  readonly from: string;
  readonly until: string;
}

/**
 * One of the circles that there are, or undefined. What is knotted whatever the day is halved by days, and looked at again, until it comes
 * undone or all of its edges hold on all of its days: edges that only change places from one year to the next cost next to nothing.
 */
export function findCycle<E extends DatedEdge>(edges: readonly E[]): Cycle<E> | undefined {
  const parts: Part<E>[] = [{ edges, from: FIRST_DAY, until: LAST_DAY }];
  for (let part = parts.pop(); part; part = parts.pop()) {
    const { from, until } = part;
    for (const knot of knotsOf(part.edges)) {
      const middle = middleOf({ edges: knot, from, until });
      if (middle === undefined) return { ...walkAround(knot), on: from };
      const earlier = { from, until: dayBefore(middle)! };
      for (const days of [{ from: middle, until }, earlier])
        parts.push({
          ...days,
          edges: knot.filter((edge) => firstDay(edge) <= days.until && days.from <= lastDay(edge)),
        });
    }
  }
  return undefined;
}

/** The middle one of the days on which something begins, or is over; undefined where all edges hold on all days. */
function middleOf({ edges, from, until }: Part<DatedEdge>): string | undefined {
  const days = new Set<string>();
  for (const edge of edges) {
    if (firstDay(edge) > from) days.add(firstDay(edge));
    if (lastDay(edge) < until) days.add(dayAfter(lastDay(edge))!);
  }
  return [...days].toSorted()[Math.floor(days.size / 2)];
}

/** In a knot each account has a parent in the knot. */
function walkAround<E extends DatedEdge>(knot: readonly E[]): Pick<Cycle<E>, "path" | "edges"> {
  const up = new Map(knot.map((edge) => [edge.childId, edge]));
  const seen = new Map<string, number>();
  const edges: E[] = [];
  let id = knot[0]!.childId;
  while (!seen.has(id)) {
    seen.set(id, edges.length);
    const edge = up.get(id)!;
    edges.push(edge);
    id = edge.parentId;
  }
  const around = edges.slice(seen.get(id));
  return { path: [...around.map(({ childId }) => childId), id], edges: around };
}

/** The edges of each knot, where it has one. */
function knotsOf<E extends DatedEdge>(edges: readonly E[]): readonly (readonly E[])[] {
  const numbers = knotNumbers(edges);
  const knots = new Map<number, E[]>();
  for (const edge of edges) {
    const number = numbers.get(edge.childId)!;
    if (number !== numbers.get(edge.parentId)) continue;
    const knot = knots.get(number);
    if (knot) knot.push(edge);
    else knots.set(number, [edge]);
  }
  return [...knots.values()];
}

interface Visit {
  readonly id: string;
  readonly order: number;
  next: number;
  lowest: number;
}

/**
 * By account, the number of its knot: accounts that can all be reached from one another, whatever the day, have the same one (strongly
 * connected components; Tarjan, "Depth-first search and linear graph algorithms", 1972).
 */
export function knotNumbers(edges: readonly DatedEdge[]): ReadonlyMap<string, number> {
  const up = new Map<string, string[]>();
  for (const { childId, parentId } of edges) {
    const parents = up.get(childId);
    if (parents) parents.push(parentId);
    else up.set(childId, [parentId]);
  }
  const component = new Map<string, number>();
  const visited = new Map<string, Visit>();
  const open: string[] = [];
  for (const start of up.keys()) {
    if (visited.has(start)) continue;
    const stack: Visit[] = [];
    const enter = (id: string) => {
      const visit: Visit = { id, order: visited.size, next: 0, lowest: visited.size };
      visited.set(id, visit);
      open.push(id);
      stack.push(visit);
    };
    enter(start);
    for (let visit = stack.at(-1); visit; visit = stack.at(-1)) {
      const parent = up.get(visit.id)?.[visit.next++];
      if (parent !== undefined) {
        const known = visited.get(parent);
        if (!known) enter(parent);
        else if (!component.has(parent)) visit.lowest = Math.min(visit.lowest, known.order);
        continue;
      }
      stack.pop();
      const below = stack.at(-1);
      if (below) below.lowest = Math.min(below.lowest, visit.lowest);
      if (visit.lowest < visit.order) continue;
      for (let id = open.pop(); id !== undefined; id = id === visit.id ? undefined : open.pop())
        component.set(id, visit.order);
    }
  }
  return component;
}
