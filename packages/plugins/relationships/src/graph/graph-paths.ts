/** Paths over the graph in memory: the search of the services, with another source of edges. */
import type { RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import { parsed } from "../asked.ts";
import { thingsSchema } from "../question/name-things.ts";
import { productOf } from "../question/path/cost.ts";
import type { Answer, SearchEdge, Wanted } from "../question/path/search-graph.ts";
import { searchPaths } from "../question/path/search-paths.ts";
import { thingKey } from "../things.ts";
import type { GraphIndex } from "./load-index.ts";

export interface GraphPathsQuery {
  /** So many paths; 1 unless given, 100 at most. */
  readonly count?: number | undefined;
  /** Of so many steps at most; 6 unless given, 12 at most. */
  readonly maxHops?: number | undefined;
}

export interface GraphPath {
  readonly things: readonly RecordReference[];
  /** `relationships[i]` is the id of the one between `things[i]` and `things[i + 1]`. */
  readonly relationships: readonly string[];
  /** The exact product of the strengths of its relationships, from 0 to 1. */
  readonly strength: string;
}

interface NumberedEdge extends SearchEdge {
  readonly id: number;
}

const pathFields = {
  count: z.int().min(1).max(100).default(1),
  maxHops: z.int().min(1).max(12).default(6),
};

const querySchema = z.strictObject(pathFields);
/** What has more edges is a hub. */
const MANY = 200;
/** All edges of a graph are of one day. */
const DAY = { first: 0, last: 0 };

type Things = RecordReference | readonly RecordReference[];

export function graphPaths(
  index: GraphIndex,
  { from, to, byStrength }: { readonly from: Things; readonly to: Things; readonly byStrength: boolean },
  query: GraphPathsQuery = {},
): readonly GraphPath[] {
  const keysOf = (things: Things) => parsed("relationship", thingsSchema, things).map(thingKey);
  const [starts, ends] = [keysOf(from), keysOf(to)];
  const { count, maxHops } = parsed("relationship", querySchema, query);
  const walk = searchPaths<NumberedEdge>({
    starts,
    ends,
    count,
    maxHops,
    byStrength,
    during: DAY,
    atOnce: 1,
    firstPart: MANY,
  });
  let step = walk.next();
  while (!step.done) step = walk.next(answerFrom(index, step.value));
  const things = new Map(
    [from, to].flatMap((given) => parsed("relationship", thingsSchema, given).map((thing) => [thingKey(thing), thing])),
  );
  const thingOf = (key: string) => things.get(key) ?? index.things[index.numbers.get(key)!]!;
  return step.value.map(({ nodes, edges }) => ({
    things: nodes.map(thingOf),
    relationships: edges.map(({ id }) => index.ids.get(id)),
    strength: productOf(edges.map(({ strength }) => strength)),
  }));
}

function answerFrom(index: GraphIndex, { nodes, strongest }: Wanted): Answer<NumberedEdge> {
  const edges: NumberedEdge[] = [];
  const hubs = new Map<string, number>();
  let rest = 0;
  for (const near of nodes) {
    const node = index.numbers.get(near);
    if (node === undefined) continue;
    const [start, end] = [index.starts[node]!, index.starts[node + 1]!];
    if (strongest === undefined && end - start > MANY) {
      hubs.set(near, end - start);
      continue;
    }
    const last = Math.min(end, start + (strongest ?? MANY));
    for (let place = start; place < last; place++) {
      const id = index.edges[place]!;
      const strength = index.strengths[id]!;
      if (strength > 0) edges.push({ id, near, far: index.keys[index.fars[place]!]!, strength, ...DAY });
    }
    if (last < end) rest = index.strengths[index.edges[last]!]!;
  }
  return { edges, hubs, rest };
}
