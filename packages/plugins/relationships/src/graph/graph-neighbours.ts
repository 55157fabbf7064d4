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

export function graphNeighbours(
  index: GraphIndex,
  given: RecordReference | readonly RecordReference[],
  query: { readonly hops?: number | undefined } = {},
): GraphNeighbours {
  const starts = parsed("relationship", thingsSchema, given);
  const { hops } = parsed("relationship", querySchema, query);
  /** By thing, the place among `fars` by which it was met first; -1 for those that were asked about. */
  const met = new Map<number, number>();
  const before = new Map<number, number>();
  let level: number[] = [];
  for (const thing of starts) {
    const number = index.numbers.get(thingKey(thing));
    if (number === undefined) continue;
    met.set(number, -1);
    level.push(number);
  }
  const items: { readonly thing: RecordReference; readonly distance: number }[] = [];
  for (let distance = 1; distance <= hops && level.length > 0; distance++) {
    const next: number[] = [];
    for (const node of level) {
      for (let place = index.starts[node]!; place < index.starts[node + 1]!; place++) {
        const far = index.fars[place]!;
        if (met.has(far)) continue;
        met.set(far, place);
        before.set(far, node);
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
      if (node === undefined || !met.has(node)) return undefined;
      for (let place = met.get(node)!; place >= 0; place = met.get(node)!) {
        steps.push({ id: index.ids.get(index.edges[place]!), thing: index.things[node]! });
        node = before.get(node)!;
      }
      return steps.reverse();
    },
  };
}
