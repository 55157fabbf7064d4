/** Who can be reached from things, within so many steps. */
import type { RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import { parsed } from "../asked.ts";
import type { RelationshipsContext } from "../parts.ts";
import { thingKey } from "../things.ts";
import { type AskedEdges, askedEdges, type EdgesQuery, edgesFields, rolesSchema } from "./asked-edges.ts";
import { requireThings, thingsSchema } from "./name-things.ts";

export interface NeighboursQuery extends EdgesQuery {
  /** So many steps at most; 1 unless given, and 20 is the most. */
  readonly hops?: number | undefined;
  /** Only steps to a thing that has one of these roles towards the one before. */
  readonly roles?: readonly string[] | undefined;
}

export interface Neighbour {
  readonly thing: RecordReference;
  /** The fewest steps. */
  readonly distance: number;
  /** One of the shortest ways from the things asked about: each step's relationship, and where it leads. The last one leads to `thing`. */
  readonly way: readonly NeighbourStep[];
}

export interface NeighbourStep {
  /** The relationship's. */
  readonly id: string;
  readonly thing: RecordReference;
}

export const hopsSchema = z.int().min(1).max(20);

const querySchema = z.strictObject({
  ...edgesFields,
  hops: hopsSchema.default(1),
  roles: rolesSchema.optional(),
});

/**
 * The nearest first, those of one distance by entity and id; without the things themselves. One walk over all of them.
 *
 * @throws `invalid_input`, `not_found`, `unknown_relationship_type`
 */
export async function neighbours(
  context: RelationshipsContext,
  things: RecordReference | readonly RecordReference[],
  query: NeighboursQuery = {},
): Promise<readonly Neighbour[]> {
  const starts = parsed("relationship", thingsSchema, things);
  const { hops, ...rest } = parsed("relationship", querySchema, query);
  await requireThings(context, starts);
  return walkFrom(context, starts, { asked: await askedEdges(context, "relationship", rest), hops });
}

interface Reach {
  readonly asked: AskedEdges;
  readonly hops: number;
}

function walk(start: readonly RecordReference[], { asked, hops }: Reach) {
  return {
    ...({ from: "fromId", to: "toId", direction: "both" } as const),
    ...{ start, depth: hops, where: asked.where("from"), whereAgainst: asked.where("to") },
  };
}

/** Each thing that is reached, once, in no order. */
export async function thingsAround(
  context: RelationshipsContext,
  starts: readonly RecordReference[],
  reach: Reach,
): Promise<readonly RecordReference[]> {
  const reached = await context.relationships.traverse({ ...walk(starts, reach), edges: false });
  return reached.map(({ node }) => node);
}

async function walkFrom(
  context: RelationshipsContext,
  starts: readonly RecordReference[],
  reach: Reach,
): Promise<readonly Neighbour[]> {
  const reached = await context.relationships.traverse(walk(starts, reach));
  const ways = new Map<string, readonly NeighbourStep[]>(starts.map((thing) => [thingKey(thing), []]));
  return reached
    .toSorted((a, b) => a.depth - b.depth || (thingKey(a.node) < thingKey(b.node) ? -1 : 1))
    .map(({ node: thing, depth: distance, edgeId: id, previous }) => {
      const way = [...ways.get(thingKey(previous))!, { id, thing }];
      ways.set(thingKey(thing), way);
      return { thing, distance, way };
    });
}
