/** Several lists in one order made one, as far as they are known: a pure function. */
import { compareText } from "@relata/core/plugin";
import type { Place } from "./listed-parties.ts";

/** Of each list, what follows a place, and whether more follows. */
export interface PartOfList<P extends Place> {
  readonly items: readonly P[];
  readonly isAll: boolean;
}

/** Each once, up to where the first of the lists that go on ends; `isAll` where none goes on. */
export function mergedParties<P extends Place>(parts: readonly PartOfList<P>[]): PartOfList<P> {
  const ends = parts.flatMap(({ items, isAll }) => (isAll ? [] : items.slice(-1))).toSorted(byPlace);
  const byId = new Map(parts.flatMap(({ items }) => items.map((item) => [item.id, item])));
  const items = [...byId.values()].sort(byPlace).filter((item) => !ends[0] || byPlace(item, ends[0]) <= 0);
  return { items, isAll: ends.length === 0 };
}

/** As repositories order: what is absent comes last. */
function byPlace(a: Place, b: Place): number {
  for (const [at, key] of a.keys.entries()) {
    const other = b.keys[at]!;
    if (key === other) continue;
    if (key === null || other === null) return key === null ? 1 : -1;
    return compareText(key, other);
  }
  return compareText(a.id, b.id);
}
