/** Puts what stands below one another into the order in which it is read: from the top down. */

export interface Placed {
  readonly id: string;
  readonly parentId: string | null;
}

export interface Arranged extends Placed {
  /** 0 at the top. */
  readonly depth: number;
}

/**
 * Parents before their children, each with all below it before the next; siblings in the order given. A parent that is not among them is
 * none. What stands in a circle, or below one, is left out.
 */
export function arrange(all: readonly Placed[]): readonly Arranged[] {
  const known = new Set(all.map(({ id }) => id));
  const below = new Map<string | null, Placed[]>();
  for (const each of all) {
    const parentId = each.parentId !== null && known.has(each.parentId) ? each.parentId : null;
    const siblings = below.get(parentId);
    if (siblings) siblings.push({ id: each.id, parentId });
    else below.set(parentId, [{ id: each.id, parentId }]);
  }
  const arranged: Arranged[] = [];
  const open: Arranged[] = (below.get(null) ?? []).map((each) => ({ ...each, depth: 0 })).reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    arranged.push(next);
    const children = below.get(next.id) ?? [];
    for (let at = children.length - 1; at >= 0; at--) open.push({ ...children[at]!, depth: next.depth + 1 });
  }
  return arranged;
}
