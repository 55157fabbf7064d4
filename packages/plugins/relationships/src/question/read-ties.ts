/** The relationships of two groups, as far as they may tell what connects the two. */
import type { EdgeReader, StoredEdge } from "./read-search-edges.ts";

/** Where what is known of the far things is more, all edges of a hub are read at once. */
const MOST_ASKED_FOR = 20_000;

type Ties = readonly StoredEdge[];

/**
 * Those of the first group, and those of the second. Of a hub only what leads to the other group, or to what that is related to, is read; where
 * both have one, all of the group with fewer. @throws `search_too_wide`
 */
export async function readTies(
  reader: EdgeReader,
  [first, second]: readonly [readonly string[], readonly string[]],
): Promise<readonly [Ties, Ties]> {
  const one = await readGroup(reader, first);
  const other = await readGroup(reader, second);
  const isOneLess = one.hubEdges < other.hubEdges;
  const [less, more] = isOneLess ? [one, other] : [other, one];
  const ofLess = [...less.ties, ...(await readWhole(reader, less.hubs))];
  const fars = new Set([...less.keys, ...ofLess.map(({ far }) => far)]);
  const ofMore =
    more.hubs.length === 0
      ? more.ties
      : fars.size > MOST_ASKED_FOR
        ? [...more.ties, ...(await readWhole(reader, more.hubs))]
        : [...more.ties, ...(await reader.readBetween(more.hubs, [...fars]))];
  return isOneLess ? [ofLess, ofMore] : [ofMore, ofLess];
}

async function readGroup(reader: EdgeReader, keys: readonly string[]) {
  const { edges, hubs = new Map<string, number>() } = await reader.read({ nodes: keys });
  const ties = [...edges].filter(({ near }) => !hubs.has(near));
  return { keys, ties, hubs: [...hubs.keys()], hubEdges: [...hubs.values()].reduce((sum, many) => sum + many, 0) };
}

async function readWhole(reader: EdgeReader, hubs: readonly string[]): Promise<Ties> {
  const edges: StoredEdge[] = [];
  for (const key of hubs)
    for (const edge of (await reader.read({ nodes: [key], strongest: Number.POSITIVE_INFINITY })).edges)
      edges.push(edge);
  return edges;
}
