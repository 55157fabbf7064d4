/** Edges of one day to accounts in the order from the top down: a pure function, without recursion. */
import type { EdgeKind } from "./parts.ts";

/** An edge of one day. */
export interface DayEdge {
  /** Undefined in the default hierarchy, whose edges are fields of accounts. */
  readonly id: string | undefined;
  readonly childId: string;
  readonly parentId: string;
  /** Per cent of the child that the parent owns itself; null: not known. */
  readonly share: string | null;
  readonly kind: EdgeKind | null;
}

/** An account at its place. */
export interface HierarchyNode {
  readonly id: string;
  /** Null at the top of what was asked for. Of several parents in a graph: who has the largest share, and of equal ones the first by id. */
  readonly parentId: string | null;
  /** Steps below the top of what was asked for; in a graph, the most that there are. */
  readonly depth: number;
  /** Of the edge to `parentId`. */
  readonly share: string | null;
  readonly kind: EdgeKind | null;
}

/**
 * Each account once, parents before their children; those of one depth by id. `alone` are accounts that may have no edge. What stands in a
 * circle is left out: the caller compares the number.
 */
export function arrange(edges: readonly DayEdge[], alone: Iterable<string> = []): readonly HierarchyNode[] {
  const above = new Map<string, DayEdge[]>();
  const below = new Map<string, string[]>();
  const ids = new Set(alone);
  for (const edge of edges) {
    listIn(above, edge.childId).push(edge);
    listIn(below, edge.parentId).push(edge.childId);
    ids.add(edge.childId).add(edge.parentId);
  }
  const waiting = new Map([...ids].map((id) => [id, above.get(id)?.length ?? 0]));
  let level = [...ids].filter((id) => waiting.get(id) === 0);
  const nodes: HierarchyNode[] = [];
  for (let depth = 0; level.length > 0; depth++) {
    const next: string[] = [];
    for (const id of level.toSorted(byCodeUnits)) {
      nodes.push(nodeOf(id, depth, above.get(id) ?? []));
      for (const child of below.get(id) ?? []) {
        const left = waiting.get(child)! - 1;
        waiting.set(child, left);
        if (left === 0) next.push(child);
      }
    }
    level = next;
  }
  return nodes;
}

function nodeOf(id: string, depth: number, parents: readonly DayEdge[]): HierarchyNode {
  const [first, ...others] = parents;
  if (!first) return { id, parentId: null, depth, share: null, kind: null };
  const { parentId, share, kind } = others.reduce(mainOf, first);
  return { id, parentId, depth, share, kind };
}

function mainOf(a: DayEdge, b: DayEdge): DayEdge {
  const [one, other] = [Number(a.share ?? -1), Number(b.share ?? -1)];
  if (one !== other) return one > other ? a : b;
  return byCodeUnits(a.parentId, b.parentId) <= 0 ? a : b;
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function listIn<T>(map: Map<string, T[]>, key: string): T[] {
  const known = map.get(key);
  if (known) return known;
  const list: T[] = [];
  map.set(key, list);
  return list;
}
