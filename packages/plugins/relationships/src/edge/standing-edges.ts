/** The edges that stand already beside those that are written: of the things that are touched, and no others. */
import { count, type RecordReference } from "@relata/core/plugin";
import type { RelationshipRecord, RelationshipsContext, TypeRecord } from "../parts.ts";
import { chunksOf, idsByEntity, isSameThing, thingKey } from "../things.ts";
import type { End } from "../type/type-ends.ts";
import type { Limit } from "../type/type-schemas.ts";
import { type Days, validDuring } from "./edge-days.ts";

const fields = [
  ...(["typeId", "fromType", "fromId", "toType", "toId"] as const),
  ...(["officeId", "isPrimary", "validFrom", "validUntil"] as const),
] as const;

/** So many pairs are counted by one query. */
const MOST_COUNTED = 5_000;

/** What rules ask of an edge. */
export type StandingEdge = Pick<RelationshipRecord, "id" | (typeof fields)[number]>;

/** One thing of which there is a limit, and the limit. */
export interface LimitNeed {
  readonly type: TypeRecord;
  readonly limit: Limit;
  /** Of a symmetric type, both ends are counted. */
  readonly end: End;
  readonly thing: RecordReference;
}

type EdgeWhere = NonNullable<NonNullable<Parameters<RelationshipsContext["relationships"]["list"]>[0]>["where"]>;

/**
 * All edges between the same two, of those pairs that have several on some of the days: the database counts, and nothing is read of a pair that has one.
 * `pairs` are those of edges; where two of them happen to be the same, edges between others are among those given.
 */
export async function readCrowdedPairs(
  context: RelationshipsContext,
  pairs: readonly string[],
  days: Days,
): Promise<readonly StandingEdge[]> {
  const found: StandingEdge[] = [];
  for (const part of chunksOf([...new Set(pairs)], MOST_COUNTED)) {
    const where: EdgeWhere = { pair: { in: part }, ...validDuring(days) };
    const crowded = await context.relationships.aggregate({
      ...{ where, groupBy: { pair: "pair" }, measures: { edges: count() }, having: { edges: { gt: 1 } } },
    });
    for (const some of chunksOf(crowded.map(({ pair }) => pair)))
      found.push(
        ...(await Array.fromAsync(
          context.relationships.iterate({ where: { ...where, pair: { in: some } }, select: fields }),
        )),
      );
  }
  return found;
}

export function thingAt({ fromType, fromId, toType, toId }: Ends, end: End): RecordReference {
  return end === "from" ? { entityType: fromType, id: fromId } : { entityType: toType, id: toId };
}

type Ends = Pick<StandingEdge, "fromType" | "fromId" | "toType" | "toId">;

/** All that each thing has of the limited kind on some of the days, of the things that have more than the limit at all: the database counts. */
export async function readCrowdedThings(
  context: RelationshipsContext,
  needs: readonly LimitNeed[],
  days: Days,
): Promise<ReadonlyMap<LimitNeed, readonly StandingEdge[]>> {
  const found = new Map<LimitNeed, StandingEdge[]>();
  const kinds = Map.groupBy(
    needs,
    ({ type, limit, end }) => `${type.shape === "symmetric"} ${end} ${limit.primary ?? false}`,
  );
  for (const kind of kinds.values()) {
    const counts = await countAt(context, kind, days);
    const crowded = kind.filter(({ type, thing, limit }) => (counts.get(limitedKey(type.id, thing)) ?? 0) > limit.most);
    for (const need of crowded) found.set(need, []);
    const byThing = Map.groupBy(crowded, ({ type, thing }) => limitedKey(type.id, thing));
    for (const { at, where } of readsOf(crowded, days))
      for await (const edge of context.relationships.iterate({ where, select: fields })) {
        const thing = thingAt(edge, at);
        // One from a thing to itself counts once.
        if (at === "to" && kind[0]!.type.shape === "symmetric" && isSameThing(thing, thingAt(edge, "from"))) continue;
        for (const need of byThing.get(limitedKey(edge.typeId, thing)) ?? []) found.get(need)!.push(edge);
      }
  }
  return found;
}

/** How many of the kind each thing has; one from a thing to itself counts twice. */
async function countAt(
  context: RelationshipsContext,
  kind: readonly LimitNeed[],
  days: Days,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const fewest = Math.min(...kind.map(({ limit }) => limit.most));
  for (const { at, where, entityType } of readsOf(kind, days)) {
    const groups = await context.relationships.aggregate({
      ...{ where, groupBy: { typeId: "typeId", id: at === "from" ? "fromId" : "toId" }, measures: { edges: count() } },
      // Both ends of a symmetric type are counted together.
      ...(kind[0]!.type.shape === "symmetric" ? {} : { having: { edges: { gt: fewest } } }),
    });
    for (const { typeId, id, edges } of groups) {
      const key = limitedKey(typeId, { entityType, id });
      counts.set(key, (counts.get(key) ?? 0) + edges);
    }
  }
  return counts;
}

const limitedKey = (typeId: string, thing: RecordReference) => `${typeId} ${thingKey(thing)}`;

/** What is asked of the things of one kind of limit. */
function readsOf(kind: readonly LimitNeed[], days: Days) {
  if (kind.length === 0) return [];
  const { type, limit, end } = kind[0]!;
  const typeIds = [...new Set(kind.map((need) => need.type.id))];
  const primary = limit.primary ? { isPrimary: true } : {};
  const ends: readonly End[] = type.shape === "symmetric" ? ["from", "to"] : [end];
  return ends.flatMap((at) =>
    idsByEntity(kind.map(({ thing }) => thing)).map(({ entityType, ids }) => {
      const ofThese =
        at === "from" ? { fromType: entityType, fromId: { in: ids } } : { toType: entityType, toId: { in: ids } };
      return { at, entityType, where: { ...validDuring(days), ...primary, typeId: { in: typeIds }, ...ofThese } };
    }),
  );
}
