/** Who can be reached from things, within so many steps. */
import { decodeCursor, encodeCursor, type RecordReference } from "@relata/core/plugin";
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
  /** 1 to 10,000; 1,000 unless said. */
  readonly limit?: number | undefined;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
}

export interface NeighboursPage {
  readonly items: readonly Neighbour[];
  /** Pass it as `after` for the following page; undefined on the last one. */
  readonly next: string | undefined;
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
  limit: z.int().min(1).max(10_000).default(1_000),
  after: z.string().optional(),
});

/**
 * The nearest first, those of one distance by the relationship that leads to them; without the things themselves. Each page is one walk, which ends with
 * the level in which the page is full.
 *
 * @throws `invalid_input`, `not_found`, `unknown_relationship_type`, `invalid_cursor`
 */
export async function neighbours(
  context: RelationshipsContext,
  things: RecordReference | readonly RecordReference[],
  query: NeighboursQuery = {},
): Promise<NeighboursPage> {
  const starts = parsed("relationship", thingsSchema, things);
  const { hops, limit, after, ...rest } = parsed("relationship", querySchema, query);
  await requireThings(context, starts);
  const asked = await askedEdges(context, "relationship", rest);
  const question = JSON.stringify(["neighbours", starts, hops, rest]);
  const place = after === undefined ? START : (decodeCursor(question, after) as Place);
  const reached = await reachAfter(context, walk(starts, { asked, hops }), { place, limit });
  const from = firstAfter(reached, place);
  const page = reached.slice(from, from + limit);
  const last = reached.length > from + limit ? page.at(-1) : undefined;
  const wayTo = waysAmong(reached);
  return {
    items: page.map((step) => ({ thing: step.node, distance: step.depth, way: wayTo(step) })),
    next: last && encodeCursor(question, [last.depth, last.edgeId, from + limit]),
  };
}

/** The last of a page: its distance and relationship, and how many had come before the next one. */
type Place = readonly [distance: number, edge: string, before: number];
const START: Place = [0, "", 0];

type Walk = ReturnType<typeof walk>;
type Step = Awaited<ReturnType<typeof takeSteps>>[number];

function takeSteps(context: RelationshipsContext, walked: Walk, limit: number) {
  return context.relationships.traverse({ ...walked, limit });
}

/** One more than the page has, where there are so many. Where as many as before no longer come before it, the walk is made again. */
async function reachAfter(
  context: RelationshipsContext,
  walked: Walk,
  { place, limit }: { readonly place: Place; readonly limit: number },
): Promise<readonly Step[]> {
  const wanted = limit + 1;
  for (let most = place[2] + wanted; ; most *= 2) {
    const reached = await takeSteps(context, walked, most);
    if (reached.length < most || firstAfter(reached, place) + wanted <= reached.length) return reached;
  }
}

function firstAfter(reached: readonly Step[], [distance, edge]: Place): number {
  const first = reached.findIndex(({ depth, edgeId }) => depth > distance || (depth === distance && edgeId > edge));
  return first < 0 ? reached.length : first;
}

function waysAmong(reached: readonly Step[]): (step: Step) => readonly NeighbourStep[] {
  const steps = new Map(reached.map((step) => [thingKey(step.node), step]));
  return (last) => {
    const way: NeighbourStep[] = [];
    for (let step: Step | undefined = last; step; step = steps.get(thingKey(step.previous)))
      way.push({ id: step.edgeId, thing: step.node });
    return way.reverse();
  };
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

/** Each thing that is reached, once, in no order; so many at most. */
export async function thingsAround(
  context: RelationshipsContext,
  starts: readonly RecordReference[],
  { limit, ...reach }: Reach & { readonly limit: number },
): Promise<readonly RecordReference[]> {
  const reached = await context.relationships.traverse({ ...walk(starts, reach), edges: false, limit });
  return reached.map(({ node }) => node);
}
