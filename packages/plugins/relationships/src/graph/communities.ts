/** Which things belong together: more and stronger ties among them than one would expect. */
import * as z from "zod";
import { parsed } from "../asked.ts";
import type { RelationshipsContext } from "../parts.ts";
import { type NamedThing, nameThings } from "../question/name-things.ts";
import { graphOf, loadLouvain } from "./graphology.ts";
import { type NetworkQuery, networkFields, readNetwork } from "./read-network.ts";

export interface CommunitiesQuery extends NetworkQuery {
  /** Over 1, communities are smaller; below, larger; 1 unless given. */
  readonly resolution?: number | undefined;
  /** A whole number from 0: the same one gives the same answer; 1 unless given. */
  readonly seed?: number | undefined;
}

export interface Communities {
  /** The largest first, then by their first thing. */
  readonly communities: readonly (readonly NamedThing[])[];
  /** From -1/2 to 1: how much more of the ties' strength lies within communities than by chance (Newman 2004). */
  readonly modularity: number;
}

const querySchema = z.strictObject({
  ...networkFields,
  resolution: z.number().positive().max(1_000).default(1),
  seed: z.int().min(0).max(0xffff_ffff).default(1),
});

/** By the Louvain method (Blondel and others, "Fast unfolding of communities in large networks", 2008), weighted by strength. */
export async function communitiesOf(context: RelationshipsContext, query: CommunitiesQuery = {}): Promise<Communities> {
  const { resolution, seed, ...rest } = parsed("relationship", querySchema, query);
  const network = await readNetwork(context, rest);
  // Modularity is a share of all ties.
  const found =
    network.ties.length === 0
      ? { communities: Object.fromEntries([...network.things.keys()].map((key, i) => [key, i])), modularity: 0 }
      : (await loadLouvain()).detailed(await graphOf(network), {
          ...{ getEdgeWeight: "weight", resolution, rng: randomFrom(seed) },
        });
  const named = await nameThings(context, [...network.things.values()]);
  const groups = [...Map.groupBy([...network.things], ([key]) => String(found.communities[key])).values()];
  return {
    communities: groups
      .toSorted((a, b) => b.length - a.length || (a[0]![0] < b[0]![0] ? -1 : 1))
      .map((group) => group.map(([, thing]) => named(thing))),
    modularity: found.modularity,
  };
}

/** Numbers from 0 to 1 that follow from a seed (Mulberry32, by Tommy Ettinger). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
