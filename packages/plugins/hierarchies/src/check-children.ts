/** What one account's edges to its parents may be, on every day: pure functions. */
import { Big } from "big.js";
import type { EdgeKind } from "./parts.ts";
import { dayAfter, firstDay, lastDay, overlap, type Validity } from "./valid-on.ts";

export interface ParentEdge extends Validity {
  readonly parentId: string;
  readonly share: string | null;
  readonly kind: EdgeKind | null;
}

/** Two edges that hold on one day, and may not. */
export interface Clash<E> {
  readonly edges: readonly [E, E];
  readonly on: string;
}

/** The first two that hold on one day; with `sameParent`, to the same parent. */
export function findClash<E extends ParentEdge>(
  edges: readonly E[],
  { sameParent }: { readonly sameParent: boolean },
): Clash<E> | undefined {
  const inOrder = edges.toSorted((a, b) => compare(firstDay(a), firstDay(b)));
  /** Of those that began already, the one that lasts the longest; with `sameParent`, by parent. */
  const lasting = new Map<string, E>();
  for (const edge of inOrder) {
    const key = sameParent ? edge.parentId : "";
    const before = lasting.get(key);
    if (before && overlap(before, edge)) return { edges: [before, edge], on: firstDay(edge) };
    if (!before || lastDay(before) < lastDay(edge)) lasting.set(key, edge);
  }
  return undefined;
}

/** The first day on which more than the whole would be owned, and how much. */
export function findExcess(edges: readonly ParentEdge[]): { readonly on: string; readonly total: string } | undefined {
  const changes = new Map<string, Big>();
  const change = (day: string | undefined, by: Big) => {
    if (day !== undefined) changes.set(day, (changes.get(day) ?? new Big(0)).plus(by));
  };
  for (const edge of edges) {
    if (edge.share === null) continue;
    const share = new Big(edge.share);
    change(firstDay(edge), share);
    change(dayAfter(lastDay(edge)), share.neg());
  }
  let total = new Big(0);
  for (const on of [...changes.keys()].toSorted()) {
    total = total.plus(changes.get(on)!);
    if (total.gt(100)) return { on, total: total.toFixed() };
  }
  return undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
