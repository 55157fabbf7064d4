/** A hierarchy in the order in which it is drawn: each account below its parent, brothers and sisters by name. */

export interface DrawnEdge {
  readonly parentId: string;
  readonly childId: string;
  /** "60 %", "branch", …; empty where there is nothing to say. */
  readonly label: string;
}

export interface DrawnLine {
  readonly id: string;
  readonly depth: number;
  /** Of the edge above it. */
  readonly label: string;
  /** Whether it is the last one below its parent. */
  readonly last: boolean;
  /** Whether something is below it. */
  readonly hasBelow: boolean;
  /** In a graph: it is drawn in full further up, and what is below it is not drawn again. */
  readonly again: boolean;
}

interface Drawing {
  readonly edges: readonly DrawnEdge[];
  /** All accounts, in any order. */
  readonly ids: readonly string[];
  /** Negative where `a` comes first. */
  readonly compare: (a: string, b: string) => number;
}

/** Without recursion, so that no depth is too much. There are no circles. */
export function drawnLines({ edges, ids, compare }: Drawing): readonly DrawnLine[] {
  const below = new Map<string, DrawnEdge[]>();
  for (const edge of edges) {
    const list = below.get(edge.parentId);
    if (list) list.push(edge);
    else below.set(edge.parentId, [edge]);
  }
  for (const list of below.values()) list.sort((a, b) => compare(a.childId, b.childId));
  const children = new Set(edges.map(({ childId }) => childId));
  const tops = ids.filter((id) => !children.has(id)).sort(compare);
  const drawn = new Set<string>();
  const lines: DrawnLine[] = [];
  const open = tops.map((id, at) => ({ id, depth: 0, label: "", last: at === tops.length - 1 })).reverse();
  for (let next = open.pop(); next; next = open.pop()) {
    const list = below.get(next.id) ?? [];
    const again = drawn.has(next.id);
    lines.push({ ...next, hasBelow: list.length > 0, again });
    if (again) continue;
    drawn.add(next.id);
    const depth = next.depth + 1;
    for (const [at, { childId, label }] of [...list.entries()].reverse()) {
      open.push({ id: childId, depth, label, last: at === list.length - 1 });
    }
  }
  return lines;
}
