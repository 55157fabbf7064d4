/** The edges that stand already beside those that are written: of the things that are touched, and no others. */
import type { RecordReference } from "@relata/core/plugin";
import type { RelationshipRecord, RelationshipsContext, TypeRecord } from "../parts.ts";
import { idsByEntity, isSameThing, thingKey } from "../things.ts";
import { type End, otherEnd } from "../type/type-ends.ts";
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
  readonly thing: RecordReference;
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
  const sides = (["from", "to"] as const).map((end) => {
    const ends: readonly End[] = bothWays ? [end, otherEnd(end)] : [end];
    const parts = idsByEntity(pairs.map(({ edge }) => thingAt(edge, end)));
    return ends.flatMap((at) => parts.map((part): EdgeWhere => ({ ...where, ...endIn(at, part) })));
  });
  return firstRead(context, sides);
}

export function thingAt({ fromType, fromId, toType, toId }: Ends, end: End): RecordReference {
  return end === "from" ? { entityType: fromType, id: fromId } : { entityType: toType, id: toId };
}

type Ends = Pick<StandingEdge, "fromType" | "fromId" | "toType" | "toId">;

function endIn(end: End, { entityType, ids }: { readonly entityType: string; readonly ids: readonly string[] }) {
  return end === "from" ? { fromType: entityType, fromId: { in: ids } } : { toType: entityType, toId: { in: ids } };
}

/** All that each thing has of the limited kind on some of the days. */
export async function readLimited(
  context: RelationshipsContext,
  needs: readonly LimitNeed[],
  days: Days,
): Promise<ReadonlyMap<LimitNeed, readonly StandingEdge[]>> {
  const found = new Map<LimitNeed, StandingEdge[]>(needs.map((need) => [need, []]));
  const kinds = Map.groupBy(
    needs,
    ({ type, limit, end }) => `${type.shape === "symmetric"} ${end} ${limit.primary ?? false}`,
  );
  for (const kind of kinds.values()) {
    const { type, limit, end } = kind[0]!;
    const typeIds = [...new Set(kind.map((need) => need.type.id))];
    const primary = limit.primary ? { isPrimary: true } : {};
    const byThing = Map.groupBy(kind, (need) => `${need.type.id} ${thingKey(need.thing)}`);
    const ends: readonly End[] = type.shape === "symmetric" ? ["from", "to"] : [end];
    for (const at of ends)
      for (const part of idsByEntity(kind.map(({ thing }) => thing))) {
        const where = { ...validDuring(days), ...primary, typeId: { in: typeIds }, ...endIn(at, part) };
        for await (const edge of context.relationships.iterate({ where, select: fields })) {
          const thing = thingAt(edge, at);
          // One from a thing to itself counts once.
          if (at === "to" && ends.length > 1 && isSameThing(thing, thingAt(edge, "from"))) continue;
          for (const need of byThing.get(`${edge.typeId} ${thingKey(thing)}`) ?? []) found.get(need)!.push(edge);
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
