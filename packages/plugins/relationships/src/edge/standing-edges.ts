/** The edges that stand already beside those that are written: of the things that are touched, and no others. */
import type { RelationshipRecord, RelationshipsContext, TypeRecord } from "../parts.ts";
import { chunksOf, groupBy, thingKey } from "../things.ts";
import type { End } from "../type/type-ends.ts";
import type { Limit } from "../type/type-schemas.ts";
import { type Days, validDuring } from "./edge-days.ts";

const fields = [
  ...(["typeId", "fromType", "fromId", "toType", "toId"] as const),
  ...(["officeId", "isPrimary", "validFrom", "validUntil"] as const),
] as const;

/** What rules ask of an edge. */
export type StandingEdge = Pick<RelationshipRecord, "id" | (typeof fields)[number]>;

/** One thing of which there is a limit, and the limit. */
export interface LimitNeed {
  readonly type: TypeRecord;
  readonly limit: Limit;
  /** Of a symmetric type, both ends are counted. */
  readonly end: End;
  readonly thing: string;
  readonly id: string;
}

interface Pair {
  readonly edge: StandingEdge;
  /** Those the other way round are asked for too. */
  readonly bothWays: boolean;
}

type EdgeWhere = NonNullable<NonNullable<Parameters<RelationshipsContext["relationships"]["list"]>[0]>["where"]>;

/**
 * Edges of the types of these, among them all between the same two that are valid on some of the days. They are read from the things at one
 * end, or from those at the other, whichever have fewer: an employer with a hundred thousand employees is not read for one of them.
 */
export async function readPairs(
  context: RelationshipsContext,
  pairs: readonly Pair[],
  days: Days,
): Promise<readonly StandingEdge[]> {
  const typeIds = [...new Set(pairs.map(({ edge }) => edge.typeId))];
  const where = { ...validDuring(days), typeId: { in: typeIds } };
  const bothWays = pairs.some((pair) => pair.bothWays);
  const sides = (["fromId", "toId"] as const).map((field) => {
    const ids = chunksOf([...new Set(pairs.map(({ edge }) => edge[field]))]);
    const other = field === "fromId" ? "toId" : "fromId";
    const own = ids.map((part): EdgeWhere => ({ ...where, [field]: { in: part } }));
    return bothWays ? [...own, ...ids.map((part): EdgeWhere => ({ ...where, [other]: { in: part } }))] : own;
  });
  return firstRead(context, sides);
}

/** All that each thing has of the limited kind on some of the days. */
export async function readLimited(
  context: RelationshipsContext,
  needs: readonly LimitNeed[],
  days: Days,
): Promise<ReadonlyMap<LimitNeed, readonly StandingEdge[]>> {
  const found = new Map<LimitNeed, StandingEdge[]>(needs.map((need) => [need, []]));
  const kinds = groupBy(
    needs,
    ({ type, limit, end }) => `${type.shape === "symmetric"} ${end} ${limit.primary ?? false}`,
  );
  for (const kind of kinds.values()) {
    const { type, limit, end } = kind[0]!;
    const typeIds = [...new Set(kind.map((need) => need.type.id))];
    const primary = limit.primary ? { isPrimary: true } : {};
    const byThing = groupBy(kind, (need) => `${need.type.id} ${need.thing}`);
    const ends: readonly End[] = type.shape === "symmetric" ? ["from", "to"] : [end];
    for (const at of ends)
      for (const ids of chunksOf([...new Set(kind.map(({ id }) => id))])) {
        const where = {
          ...{ ...validDuring(days), ...primary, typeId: { in: typeIds } },
          ...(at === "from" ? { fromId: { in: ids } } : { toId: { in: ids } }),
        };
        for await (const edge of context.relationships.iterate({ where, select: fields })) {
          const id = at === "from" ? edge.fromId : edge.toId;
          const thing = thingKey({ entityType: at === "from" ? edge.fromType : edge.toType, id });
          // One from a thing to itself counts once.
          if (at === "to" && ends.length > 1 && edge.fromId === id && edge.fromType === edge.toType) continue;
          for (const need of byThing.get(`${edge.typeId} ${thing}`) ?? []) found.get(need)!.push(edge);
        }
      }
  }
  return found;
}

/** What one of several lists of queries gives, page by page in turn: that of which all pages are read first. */
async function firstRead(
  context: RelationshipsContext,
  sides: readonly (readonly EdgeWhere[])[],
): Promise<readonly StandingEdge[]> {
  const reads = sides.map((wheres) => ({
    wheres: [...wheres],
    after: undefined as string | undefined,
    found: new Map(),
  }));
  for (;;) {
    for (const read of reads) {
      for (;;) {
        const where = read.wheres[0];
        if (where === undefined) return [...read.found.values()];
        const { items, next } = await context.relationships.list({
          ...{ where, select: fields, limit: 1_000 },
          ...(read.after === undefined ? {} : { after: read.after }),
        });
        for (const edge of items) read.found.set(edge.id, edge);
        read.after = next;
        if (next !== undefined) break;
        read.wheres.shift();
      }
    }
  }
}
