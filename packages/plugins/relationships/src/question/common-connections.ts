/** Who knows both: things that are directly related to two others, and to two groups. */
import type { RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import { parsed, thingSchema } from "../asked.ts";
import type { RelationshipsContext } from "../parts.ts";
import { thingKey } from "../things.ts";
import { askedEdges, type EdgesQuery, edgesFields, rolesSchema } from "./asked-edges.ts";
import { budgetOf } from "./budget.ts";
import { type NamedThing, nameThings, requireThings, thingsSchema } from "./name-things.ts";
import { productOf } from "./path/cost.ts";
import { edgeReader, edgesById, type StoredEdge, thingOfKey } from "./read-search-edges.ts";
import { readTies } from "./read-ties.ts";
import { type Relation, relationOf, seenFrom } from "./relation.ts";

export interface ConnectorsQuery extends EdgesQuery {
  /** Only who has one of these roles towards both sides. */
  readonly roles?: readonly string[] | undefined;
  /** The best of them; all unless given. */
  readonly limit?: number | undefined;
  /** So many relationships may be read; 100,000 unless given. */
  readonly maxEdges?: number | undefined;
}

/** Who stands between two sides. */
export interface Connector {
  readonly thing: NamedThing;
  /** The product of its strongest relationship to the one side and its strongest to the other. */
  readonly strength: string;
  /** How those of each side stand to it, the strongest first. */
  readonly toFirst: readonly Relation[];
  readonly toSecond: readonly Relation[];
  /** How many pairs of one of each side know each other through it. */
  readonly pairs: number;
}

export interface Connectors {
  /** Relationships between the groups themselves, as those of the first see them. */
  readonly direct: readonly Relation[];
  /** Those who are of neither group: the strongest first, then those of more pairs, then by entity and id. */
  readonly connectors: readonly Connector[];
}

const querySchema = z.strictObject({
  ...edgesFields,
  roles: rolesSchema.optional(),
  limit: z.int().min(1).optional(),
  maxEdges: z.int().min(1).default(100_000),
});

/**
 * Those that both are directly related to on the day, the strongest first. @throws as `connectorsOf`
 */
export async function commonConnections(
  context: RelationshipsContext,
  [a, b]: readonly [RecordReference, RecordReference],
  query: ConnectorsQuery = {},
): Promise<readonly Connector[]> {
  const [first, second] = [parsed("relationship", thingSchema, a), parsed("relationship", thingSchema, b)];
  return (await connectorsOf(context, [first, second], query)).connectors;
}

type Things = RecordReference | readonly RecordReference[];

/**
 * Who connects two groups: whoever of neither group is directly related to one of each on the day; and the direct relationships between them. What has
 * the strength 0 connects nobody.
 *
 * @throws `invalid_input`, `not_found`, `unknown_relationship_type`, `search_too_wide`
 */
export async function connectorsOf(
  context: RelationshipsContext,
  [a, b]: readonly [Things, Things],
  query: ConnectorsQuery = {},
): Promise<Connectors> {
  const [first, second] = [parsed("relationship", thingsSchema, a), parsed("relationship", thingsSchema, b)];
  const { limit, maxEdges, ...rest } = parsed("relationship", querySchema, query);
  await requireThings(context, [...first, ...second]);
  const asked = await askedEdges(context, "relationship", rest);
  const reader = edgeReader(context, { asked, budget: budgetOf(context, maxEdges) });
  const groups = [first.map(thingKey), second.map(thingKey)] as const;
  const [ofFirst, ofSecond] = groups.map((keys) => new Set(keys)) as [Set<string>, Set<string>];
  const [ties, others] = await readTies(reader, groups);
  const isBetween = ({ near, far }: StoredEdge) => ofSecond.has(far) && near !== far;
  const isOutside = ({ far }: StoredEdge) => !ofFirst.has(far) && !ofSecond.has(far);
  const toSecond = Map.groupBy(others.filter(isOutside), ({ far }) => far);
  const found = [...Map.groupBy(ties.filter(isOutside), ({ far }) => far)].flatMap(([key, toFirst]) => {
    const onward = toSecond.get(key);
    return onward ? [{ key, toFirst: strongestFirst(toFirst), toSecond: strongestFirst(onward) }] : [];
  });
  const ranked = found
    .map((each) => ({ ...each, ...weigh(each) }))
    .toSorted((x, y) => y.weight - x.weight || y.pairs - x.pairs || (x.key < y.key ? -1 : 1))
    .slice(0, limit);
  const direct = strongestFirst(ties.filter(isBetween));
  const told = [...direct, ...ranked.flatMap((each) => [...each.toFirst, ...each.toSecond])];
  const named = await nameThings(
    context,
    told.flatMap(({ near, far }) => [thingOfKey(near), thingOfKey(far)]),
  );
  const edges = await edgesById(
    context,
    told.map(({ id }) => id),
  );
  // What was deleted since it was found is left out.
  const relate = (each: readonly StoredEdge[]) =>
    each.flatMap(({ id, near }) => {
      const edge = edges.get(id);
      return edge ? [relationOf(seenFrom(thingOfKey(near), edge, asked), asked, named)] : [];
    });
  return {
    direct: relate(direct),
    connectors: ranked
      .map(({ key, toFirst, toSecond: onward, strength, pairs }) => ({
        ...{ thing: named(thingOfKey(key)), strength, pairs },
        ...{ toFirst: relate(toFirst), toSecond: relate(onward) },
      }))
      .filter((each) => each.toFirst.length > 0 && each.toSecond.length > 0),
  };
}

interface Ties {
  readonly toFirst: readonly StoredEdge[];
  readonly toSecond: readonly StoredEdge[];
}

function weigh({ toFirst, toSecond }: Ties) {
  const [x, y] = [toFirst[0]!.strength, toSecond[0]!.strength];
  const nearOf = (ties: readonly StoredEdge[]) => new Set(ties.map(({ near }) => near));
  const [some, more] = [nearOf(toFirst), nearOf(toSecond)];
  const same = [...some].filter((key) => more.has(key)).length;
  return { weight: x * y, strength: productOf([x, y]), pairs: some.size * more.size - same };
}

function strongestFirst(edges: readonly StoredEdge[]): readonly StoredEdge[] {
  return edges.toSorted((a, b) => b.strength - a.strength || (a.id < b.id ? -1 : 1));
}
