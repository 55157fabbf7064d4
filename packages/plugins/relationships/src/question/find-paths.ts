/** How two things, or two sets of them, are connected. */
import type { RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import { parsed } from "../asked.ts";
import type { RelationshipRecord, RelationshipsContext } from "../parts.ts";
import { thingKey } from "../things.ts";
import {
  type AskedEdges,
  askedEdges,
  type During,
  duringSchema,
  type EdgesQuery,
  edgesFields,
  numberOf,
} from "./asked-edges.ts";
import { budgetOf } from "./budget.ts";
import { type NamedThing, nameThings, requireThings, thingsSchema } from "./name-things.ts";
import type { FoundPath } from "./path/best-paths.ts";
import { productOf } from "./path/cost.ts";
import { searchPaths } from "./path/search-paths.ts";
import { edgeReader, edgesById, type StoredEdge, thingOfKey } from "./read-search-edges.ts";
import { type Relation, relationOf, seenFrom } from "./relation.ts";

export interface PathsQuery extends EdgesQuery {
  /** Instead of `on`: days of which the relationships of a path share one at least. */
  readonly during?: During | undefined;
  /** So many paths; 1 unless given, 100 at most. */
  readonly count?: number | undefined;
  /** Of so many steps at most; 6 unless given, 12 at most. */
  readonly maxHops?: number | undefined;
  /** So many relationships may be read, but for one shortest path on a day; 100,000 unless given. */
  readonly maxEdges?: number | undefined;
}

export interface ConnectionPath {
  /** From one of the first set to one of the second. */
  readonly things: readonly NamedThing[];
  /** `steps[i]` is how `things[i]` stands to `things[i + 1]`. */
  readonly steps: readonly Relation[];
  /** The exact product of the strengths of its steps, from 0 to 1. */
  readonly strength: string;
  /** The days that all of its relationships share, both included; null: open. */
  readonly since: string | null;
  readonly until: string | null;
}

const querySchema = z.strictObject({
  ...edgesFields,
  during: duringSchema.optional(),
  count: z.int().min(1).max(100).default(1),
  maxHops: z.int().min(1).max(12).default(6),
  maxEdges: z.int().min(1).default(100_000),
});

type Things = RecordReference | readonly RecordReference[];

/**
 * The paths of the fewest steps (`byStrength`: of the greatest product of strengths, then of the fewest steps) between two sets, all of whose relationships
 * are valid on one day. Only its first thing is of the first set, and only its last of the second; what is of both is a path by itself. Paths differ in a
 * relationship at least; equal ones stand in the order of the things, then the relationships that they pass. One shortest path on a day is the first that is
 * found, the same each time. What has the strength 0 is not walked.
 *
 * @throws `invalid_input`, `not_found`, `unknown_relationship_type`, `search_too_wide`
 */
export async function findPaths(
  context: RelationshipsContext,
  { from, to, byStrength }: { readonly from: Things; readonly to: Things; readonly byStrength: boolean },
  query: PathsQuery = {},
): Promise<readonly ConnectionPath[]> {
  const [starts, ends] = [from, to].map((things) => parsed("relationship", thingsSchema, things)) as [Thing[], Thing[]];
  const { count, maxHops, maxEdges, ...rest } = parsed("relationship", querySchema, query);
  await requireThings(context, [...starts, ...ends]);
  const [firsts, lasts] = [starts.map(thingKey), ends.map(thingKey)];
  // A path may begin and end with things of other entities than those that it may pass.
  const entities = rest.entities && [...rest.entities, ...[...starts, ...ends].map(({ entityType }) => entityType)];
  const asked = await askedEdges(context, "relationship", { ...rest, entities });
  const [passable, terminal] = [rest.entities && new Set(rest.entities), new Set([...firsts, ...lasts])];
  const mayReach = (key: string) => !passable || passable.has(thingOfKey(key).entityType) || terminal.has(key);
  if (count === 1 && !byStrength && !rest.during) {
    const nearest = await nearestPath(context, { starts, ends, asked, maxHops });
    const isAllowed = nearest?.nodes.every(mayReach) && nearest.edges.every((edge) => asked.strengthOf(edge) > 0);
    if (!nearest || isAllowed) return describePaths(context, asked, nearest ? [nearest] : []);
  }
  const walk = searchPaths<StoredEdge>({
    ...{ starts: firsts, ends: lasts, count, maxHops, byStrength },
    during: { first: numberOf(asked.days.from), last: numberOf(asked.days.until) },
  });
  const reader = edgeReader(context, { asked, budget: budgetOf(context, maxEdges) });
  let step = walk.next();
  while (!step.done) {
    const answer = await reader.read(step.value);
    step = walk.next({ ...answer, edges: [...answer.edges].filter(({ far }) => mayReach(far)) });
  }
  const edges = await edgesById(
    context,
    step.value.flatMap((path) => path.edges.map(({ id }) => id)),
  );
  // What was deleted while the search went on leads nowhere.
  const paths = step.value.flatMap(({ nodes, edges: steps }) => {
    const whole = steps.flatMap(({ id }) => edges.get(id) ?? []);
    return whole.length === steps.length ? [{ nodes, edges: whole }] : [];
  });
  return describePaths(context, asked, paths);
}

type Thing = z.output<typeof thingsSchema>[number];

interface Nearest {
  readonly starts: readonly Thing[];
  readonly ends: readonly Thing[];
  readonly asked: AskedEdges;
  readonly maxHops: number;
}

/** Of what is asked for, and of what has the strength 0: the storage's own walk reads its index only, and ends where the two sides meet. */
async function nearestPath(
  context: RelationshipsContext,
  { starts, ends, asked, maxHops }: Nearest,
): Promise<FoundPath<RelationshipRecord> | undefined> {
  const path = await context.relationships.path({
    ...{ from: "fromId", to: "toId", direction: "both", start: starts, end: ends, depth: maxHops },
    ...{ where: asked.where("from"), whereAgainst: asked.where("to") },
  });
  return path && { nodes: path.nodes.map(thingKey), edges: path.edges };
}

async function describePaths(
  context: RelationshipsContext,
  asked: AskedEdges,
  paths: readonly FoundPath<RelationshipRecord>[],
): Promise<readonly ConnectionPath[]> {
  const things = new Map(paths.flatMap(({ nodes }) => nodes.map((key) => [key, thingOfKey(key)])));
  const named = await nameThings(context, [...things.values()]);
  return paths.map(({ nodes, edges }) => {
    const along = nodes.map((key) => things.get(key)!);
    const days = edges.map((edge) => asked.intervalOf(edge)!);
    return {
      things: along.map(named),
      steps: edges.map((edge, i) => relationOf(seenFrom(along[i]!, edge, asked), asked, named)),
      strength: productOf(edges.map(asked.strengthOf)),
      since:
        days
          .flatMap(({ from }) => from ?? [])
          .toSorted()
          .at(-1) ?? null,
      until: days.flatMap(({ until }) => until ?? []).toSorted()[0] ?? null,
    };
  });
}
