/** What a search has read so far: things and the edges between them, numbered as they come. */

/** An edge as it is found from one of its ends. Days are numbers; those of an open end are infinite. */
export interface SearchEdge {
  /** Ties are told apart by it: by texts, or by numbers. */
  readonly id: string | number;
  readonly near: string;
  readonly far: string;
  readonly first: number;
  readonly last: number;
  /** From 1 to 10,000 ten-thousandths: what has none is no edge to walk. */
  readonly strength: number;
}

/** An edge as it leaves a node. */
export interface Half {
  readonly far: number;
  readonly edge: number;
}

export interface SearchGraph<E extends SearchEdge> {
  /** The number of a thing, given when it is first named. */
  node(key: string): number;
  keyOf(node: number): string;
  edge(number: number): E;
  /** How many edges it has. */
  size(): number;
  /** All edges of the node that were read, from it or from their other end. */
  halves(node: number): readonly Half[];
  /** Whether all edges of the node were read. */
  isRead(node: number): boolean;
  /** All edges of these nodes. One that is known already, and one from a thing to itself, is left out. */
  addEdgesOf(nodes: readonly number[], edges: Iterable<E>): void;
}

export function createSearchGraph<E extends SearchEdge>(): SearchGraph<E> {
  const numbers = new Map<string, number>();
  const keys: string[] = [];
  const adjacent: Half[][] = [];
  const read: boolean[] = [];
  const edges: E[] = [];
  const known = new Set<string | number>();
  const node = (key: string): number => {
    const found = numbers.get(key);
    if (found !== undefined) return found;
    numbers.set(key, keys.length);
    adjacent.push([]);
    read.push(false);
    return keys.push(key) - 1;
  };
  return {
    node,
    keyOf: (number) => keys[number]!,
    edge: (number) => edges[number]!,
    size: () => edges.length,
    halves: (number) => adjacent[number]!,
    isRead: (number) => read[number]!,
    addEdgesOf: (nodes, found) => {
      for (const each of nodes) read[each] = true;
      for (const each of found) {
        if (known.has(each.id) || each.near === each.far) continue;
        known.add(each.id);
        const [near, far, edge] = [node(each.near), node(each.far), edges.push(each) - 1];
        adjacent[near]!.push({ far, edge });
        adjacent[far]!.push({ far: near, edge });
      }
    },
  };
}
