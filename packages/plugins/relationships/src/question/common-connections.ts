/** Who knows both: things that are directly related to two others, and to two groups. */
import type { RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import { parsed, thingSchema } from "../asked.ts";
import type { OrientedEdge } from "../edges-around.ts";
import type { RelationshipsContext } from "../parts.ts";
import { thingKey } from "../things.ts";
import { type AskedEdges, askedEdges, type EdgesQuery, edgesFields, rolesSchema } from "./asked-edges.ts";
import { type NamedThing, nameThings, requireThings, thingsSchema } from "./name-things.ts";
import { productOf } from "./path/cost.ts";
import { budgetOf, readAround } from "./read-around.ts";
import { type Relation, relationOf } from "./relation.ts";

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
  const budget = budgetOf(context, maxEdges);
  const [ofFirst, ofSecond] = [new Set(first.map(thingKey)), new Set(second.map(thingKey))];
  const isTie = ({ edge }: OrientedEdge) => asked.strengthOf(edge) > 0;
  const ties = (await readAround(context, first, { asked, budget })).filter(isTie);
  const isBetween = ({ near, far }: OrientedEdge) => ofSecond.has(thingKey(far)) && thingKey(near) !== thingKey(far);
  const isOutside = ({ far }: OrientedEdge) => !ofFirst.has(thingKey(far)) && !ofSecond.has(thingKey(far));
  const others = (await readAround(context, second, { asked, budget })).filter((tie) => isTie(tie) && isOutside(tie));
  const toSecond = Map.groupBy(others, ({ far }) => thingKey(far));
  const found = [...Map.groupBy(ties.filter(isOutside), ({ far }) => thingKey(far))].flatMap(([key, toFirst]) => {
    const onward = toSecond.get(key);
    return onward ? [{ key, toFirst: strongestFirst(asked, toFirst), toSecond: strongestFirst(asked, onward) }] : [];
  });
  const ranked = found
    .map((each) => ({ ...each, ...weigh(asked, each) }))
    .toSorted((x, y) => y.weight - x.weight || y.pairs - x.pairs || (x.key < y.key ? -1 : 1))
    .slice(0, limit);
  const direct = strongestFirst(asked, ties.filter(isBetween));
  const named = await nameThings(
    context,
    [...direct, ...ranked.flatMap((each) => [...each.toFirst, ...each.toSecond])].flatMap(({ near, far }) => [
      near,
      far,
    ]),
  );
  const relate = (edges: readonly OrientedEdge[]) => edges.map((edge) => relationOf(edge, asked, named));
  return {
    direct: relate(direct),
    connectors: ranked.map(({ toFirst, toSecond: onward, strength, pairs }) => ({
      ...{ thing: named(toFirst[0]!.far), strength, pairs },
      ...{ toFirst: relate(toFirst), toSecond: relate(onward) },
    })),
  };
}

interface Ties {
  readonly toFirst: readonly OrientedEdge[];
  readonly toSecond: readonly OrientedEdge[];
}

function weigh(asked: AskedEdges, { toFirst, toSecond }: Ties) {
  const [x, y] = [asked.strengthOf(toFirst[0]!.edge), asked.strengthOf(toSecond[0]!.edge)];
  const nearOf = (ties: readonly OrientedEdge[]) => [...new Set(ties.map(({ near }) => thingKey(near)))];
  const [some, more] = [nearOf(toFirst), nearOf(toSecond)];
  const same = some.filter((key) => more.includes(key)).length;
  return { weight: x * y, strength: productOf([x, y]), pairs: some.length * more.length - same };
}

function strongestFirst(asked: AskedEdges, edges: readonly OrientedEdge[]): readonly OrientedEdge[] {
  return edges.toSorted(
    (a, b) => asked.strengthOf(b.edge) - asked.strengthOf(a.edge) || (a.edge.id < b.edge.id ? -1 : 1),
  );
}
