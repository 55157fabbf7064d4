/** When two records of any entity become one, so do their relationships. */
import type { RecordReference } from "@relata/core/plugin";
import { lockTogether } from "../edge/check-edges.ts";
import { typesOfEdges } from "../edge/propose-edges.ts";
import type { RelationshipRecord, RelationshipsContext } from "../parts.ts";
import { chunksOf, thingKey } from "../things.ts";
import { tidy } from "./tidy.ts";
import { writeTidied } from "./write-tidied.ts";

interface WrittenEdge {
  readonly before?: RelationshipRecord;
  readonly after?: RelationshipRecord;
}

type Check = (context: RelationshipsContext, batch: readonly WrittenEdge[]) => Promise<void>;

/** An `after` hook of relationships that first tidies what a merge has moved, and then has what is left looked at. */
export function tidied(...checks: readonly Check[]): Check {
  return async (context, batch) => {
    const gone = await tidyMoved(context, batch);
    const left = gone.size === 0 ? batch : batch.filter(({ after }) => !after || !gone.has(after.id));
    for (const check of checks) await check(context, left);
  };
}

/**
 * No hook of each entity is needed: only a merge moves the ends of a relationship, and its undoing moves them back. In a merge, what has
 * come to the survivor is tidied: see `tidy`. It is undone with the merge. Returns the ids of those that went.
 */
async function tidyMoved(context: RelationshipsContext, batch: readonly WrittenEdge[]): Promise<ReadonlySet<string>> {
  const gone = new Set<string>();
  const moves = batch.flatMap(({ before, after }) => {
    const ends = before && after && movedEnd(before, after);
    return ends ? [{ ...ends, before, edge: after }] : [];
  });
  for (const ofPair of Map.groupBy(moves, ({ from, to }) => `${thingKey(from)} ${thingKey(to)}`).values()) {
    const { from: other, to: survivor } = ofPair[0]!;
    if (await isUndoing(context, ofPair[0]!)) continue;
    const edges = ofPair.map(({ edge }) => edge);
    const two = [survivor, other];
    const between = new Set(ofPair.flatMap(({ before, edge }) => (isBetween(before, two) ? [edge.id] : [])));
    const types = await typesOfEdges(context, edges);
    await lockTogether(context, edges, types);
    const own = new Set(edges.map(({ id }) => id));
    const standing = (await standingOf(context, survivor, edges)).filter(({ id }) => !own.has(id));
    const found = tidy({ survivor, moved: edges, between, standing, types });
    await writeTidied(context, found);
    for (const { edge, days } of found.edges) if (days.length === 0) gone.add(edge.id);
  }
  return gone;
}

/** All is as it was then: what has become of the other one is told by the merge that is being undone. */
async function isUndoing(
  context: RelationshipsContext,
  move: { readonly from: RecordReference; readonly to: RecordReference },
) {
  const { from, to } = move;
  const where = { entityType: from.entityType, survivorId: from.id, otherId: to.id, unmergedAt: null };
  return (await context.merges.find({ where, select: ["id"] })) !== undefined;
}

/** Which thing another one has taken the place of. */
function movedEnd(before: RelationshipRecord, after: RelationshipRecord) {
  const came = [...endsOf(after)];
  const left = endsOf(before).filter((thing) => {
    const at = came.findIndex((each) => thingKey(each) === thingKey(thing));
    if (at >= 0) came.splice(at, 1);
    return at < 0;
  });
  return left[0] && came[0] ? { from: left[0], to: came[0] } : undefined;
}

export function endsOf(edge: RelationshipRecord): readonly [RecordReference, RecordReference] {
  const { fromType, fromId, toType, toId } = edge;
  return [
    { entityType: fromType, id: fromId },
    { entityType: toType, id: toId },
  ];
}

/** Whether it leads from the one to the other, and from neither to itself. */
export function isBetween(edge: RelationshipRecord, two: readonly RecordReference[]): boolean {
  const keys = new Set(endsOf(edge).map(thingKey));
  return keys.size === 2 && two.every((thing) => keys.has(thingKey(thing)));
}

/** The thing's relationships of the types of these. Two queries for every thousand types. */
export async function standingOf(
  context: RelationshipsContext,
  { entityType, id }: RecordReference,
  edges: readonly RelationshipRecord[],
): Promise<readonly RelationshipRecord[]> {
  const found = new Map<string, RelationshipRecord>();
  for (const typeIds of chunksOf([...new Set(edges.map(({ typeId }) => typeId))])) {
    const typeId = { in: typeIds };
    const sides = [
      { fromType: entityType, fromId: id, typeId },
      { toType: entityType, toId: id, typeId },
    ];
    for (const where of sides)
      for await (const edge of context.relationships.iterate({ where })) found.set(edge.id, edge);
  }
  return [...found.values()];
}
