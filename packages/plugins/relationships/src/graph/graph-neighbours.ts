/** A walk over the graph in memory. */
import type { RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import { parsed } from "../asked.ts";
import { thingsSchema } from "../question/name-things.ts";
import { hopsSchema, type NeighbourStep } from "../question/neighbours.ts";
import { thingKey } from "../things.ts";
import type { GraphIndex } from "./load-index.ts";

export interface GraphNeighbours {
  /** The nearest first; those of one distance in the order in which they were met, which repeats. */
  readonly items: readonly { readonly thing: RecordReference; readonly distance: number }[];
  /** One of the shortest ways to a thing; undefined where it was not reached. */
  wayTo(thing: RecordReference): readonly NeighbourStep[] | undefined;
}

const querySchema = z.strictObject({ hops: hopsSchema.default(1) });

/** No place of an edge. */
const START = 0xff_ff_ff_ff;

export function graphNeighbours(
  index: GraphIndex,
  given: RecordReference | readonly RecordReference[],
  query: { readonly hops?: number | undefined } = {},
): GraphNeighbours {
  const starts = parsed("relationship", thingsSchema, given);
  const { hops } = parsed("relationship", querySchema, query);
  /** By the number of a thing: the place among `fars` by which it was met first, plus one; 0 for what was not met. */
  const met = new Uint32Array(index.things.length);
  const starting = starts.flatMap((thing) => index.numbers.get(thingKey(thing)) ?? []);
  for (const node of starting) met[node] = START;
  const items: { readonly thing: RecordReference; readonly distance: number }[] = [];
  let level = starting;
  for (let distance = 1; distance <= hops && level.length > 0; distance++) {
    const next: number[] = [];
    for (const node of level) {
      for (let place = index.starts[node]!; place < index.starts[node + 1]!; place++) {
        const far = index.fars[place]!;
        if (met[far] !== 0) continue;
        met[far] = place + 1;
        next.push(far);
        items.push({ thing: index.things[far]!, distance });
      }
    }
    level = next;
  }
  return {
    items,
    wayTo: (thing) => {
      const steps: NeighbourStep[] = [];
      let node = index.numbers.get(thingKey(thing));
      if (node === undefined || met[node] === 0) return undefined;
      for (let place = met[node]!; place !== START; place = met[node]!) {
        steps.push({ id: index.ids.get(index.edges[place - 1]!), thing: index.things[node]! });
        node = beforeOf(index, place - 1);
      }
      return steps.reverse();
    },
  };
}

/** The thing among whose edges the place is: found by halves. */
function beforeOf({ starts }: GraphIndex, place: number): number {
  let [low, high] = [0, starts.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= place) low = middle;
    else high = middle;
  }
  return low;
}
