/** What a search has read so far: things and the edges between them, numbered as they come. */
import { FULL } from "./cost.ts";

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
  /** Whether edges of the node were asked for. */
  isOpened(node: number): boolean;
  /** No edge of the node that was not read is stronger: 0 where all were read. */
  rest(node: number): number;
  open(node: number, rest: number): void;
  /** One that is known already, and one from a thing to itself, is left out. */
  add(edges: Iterable<E>): void;
}

/** The edges of these things that share a day with those that are asked about. */
export interface Wanted {
  readonly nodes: readonly string[];
  /** So many of the strongest edges of one thing, or more; all, where it is infinite. Undefined: all of each, but for hubs. */
  readonly strongest?: number;
}

export interface Answer<E> {
  readonly edges: Iterable<E>;
  /** How many edges those have, about, that have too many to be read along: they are left out, or in part. */
  readonly hubs?: ReadonlyMap<string, number>;
  /** Where the strongest were asked for: no other edge of the thing is stronger. 0, the default, where these were all. */
  readonly rest?: number;
}

export function createSearchGraph<E extends SearchEdge>(): SearchGraph<E> {
  const numbers = new Map<string, number>();
  const keys: string[] = [];
  const adjacent: Half[][] = [];
  const rests: (number | undefined)[] = [];
  const edges: E[] = [];
  const known = new Set<string | number>();
  const node = (key: string): number => {
    const found = numbers.get(key);
    if (found !== undefined) return found;
    numbers.set(key, keys.length);
    adjacent.push([]);
    rests.push(undefined);
    return keys.push(key) - 1;
  };
  return {
    node,
    keyOf: (number) => keys[number]!,
    edge: (number) => edges[number]!,
    size: () => edges.length,
    halves: (number) => adjacent[number]!,
    isOpened: (number) => rests[number] !== undefined,
    rest: (number) => rests[number] ?? FULL,
    open: (number, rest) => {
      rests[number] = rest;
    },
    add: (found) => {
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
