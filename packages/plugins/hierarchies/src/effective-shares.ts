/** How much is owned through all paths, exactly: the sum over the paths of the product of their shares. Pure functions. */
import { Big } from "big.js";
import { arrange } from "./arrange.ts";
import type { OwnedEdge } from "./control.ts";

const WHOLE = new Big(100);
const PER_CENT = new Big("0.01");

/** In per cent. */
export interface EffectiveShare {
  readonly effective: Big;
  /** False: a share on one of the paths is not known, and counts as nothing. */
  readonly isComplete: boolean;
}

/**
 * Of `start` in each account below it (`down`, from the top), or of each account above it in `start` (`up`, the lowest first); `start` has 100 of itself. Each edge is
 * gone over once: what several paths have in common is not counted for each of them anew.
 */
export function effectiveShares(
  edges: readonly OwnedEdge[],
  start: string,
  direction: "down" | "up",
): ReadonlyMap<string, EffectiveShare> {
  const next = new Map<string, OwnedEdge[]>();
  for (const edge of edges) {
    const key = direction === "down" ? edge.parentId : edge.childId;
    const known = next.get(key);
    if (known) known.push(edge);
    else next.set(key, [edge]);
  }
  const order = arrange(edges, [start]).map(({ id }) => id);
  const shares = new Map<string, EffectiveShare>([[start, { effective: WHOLE, isComplete: true }]]);
  if (direction === "up") order.reverse();
  for (const id of order) {
    const own = shares.get(id);
    if (!own) continue;
    for (const { childId, parentId, owned } of next.get(id) ?? []) {
      const to = direction === "down" ? childId : parentId;
      const known = shares.get(to) ?? { effective: new Big(0), isComplete: true };
      shares.set(to, {
        effective: known.effective.plus(through(own.effective, owned)),
        isComplete: known.isComplete && own.isComplete && owned !== undefined,
      });
    }
  }
  return new Map(order.flatMap((id) => (shares.has(id) ? [[id, shares.get(id)!] as const] : [])));
}

/** Nothing is rounded. */
function through(effective: Big, owned: Big | undefined): Big {
  if (owned === undefined) return new Big(0);
  return owned.eq(WHOLE) ? effective : effective.times(owned).times(PER_CENT);
}
