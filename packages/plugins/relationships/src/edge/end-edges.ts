/** Ends many relationships that hold on their last day, as `end` ends one. */
import type { RelationshipRecord, RelationshipsContext } from "../parts.ts";
import { chunksOf } from "../things.ts";

export interface EdgeEnd {
  readonly id: string;
  /** Its last day. */
  readonly on: string;
  readonly reason?: string | undefined;
}

/** In the unit of the context, which has the turn of each (`turnOf`), each with its act; in the order given. One that has ended by that day, or never was, is left as it is. */
export async function endEdges(
  tx: RelationshipsContext,
  ends: readonly EdgeEnd[],
): Promise<readonly RelationshipRecord[]> {
  if (ends.length === 0) return [];
  const standing = await standingNow(tx, ends);
  const due = ends.filter(({ id, on }) => standing.has(id) && !isOver(standing.get(id)!, on));
  const ended = await tx.relationships.updateMany(
    due.map(({ id, on }) => ({ id, validUntil: on, validUntilIs: "exact" as const })),
  );
  await tx.relationshipActs.createMany(
    due.map(({ id, on, reason }) => ({ relationshipId: id, act: "ended" as const, on, reason: reason ?? null })),
  );
  for (const edge of ended) standing.set(edge.id, edge);
  return ends.flatMap(({ id }) => standing.get(id) ?? []);
}

async function standingNow(
  tx: RelationshipsContext,
  ends: readonly EdgeEnd[],
): Promise<Map<string, RelationshipRecord>> {
  const found = new Map<string, RelationshipRecord>();
  for (const part of chunksOf(ends.map(({ id }) => id)))
    for await (const edge of tx.relationships.iterate({ where: { id: { in: part } } })) found.set(edge.id, edge);
  return found;
}

function isOver({ validUntil, validUntilIs }: RelationshipRecord, day: string): boolean {
  return (
    validUntil !== null &&
    (validUntil < day ? validUntilIs !== "at_earliest" : validUntil === day && validUntilIs === "exact")
  );
}
