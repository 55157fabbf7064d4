/** Ends many relationships that hold on their last day, as `end` ends one. */
import type { RelationshipRecord, RelationshipsContext } from "../parts.ts";

export interface EdgeEnd {
  readonly id: string;
  /** Its last day. */
  readonly on: string;
  readonly reason?: string | undefined;
}

/** In the unit of the context, each with its act; in the order given. */
export async function endEdges(
  tx: RelationshipsContext,
  ends: readonly EdgeEnd[],
): Promise<readonly RelationshipRecord[]> {
  if (ends.length === 0) return [];
  await tx.lock(...ends.map(({ id }) => `relationship:${id}`));
  const ended = await tx.relationships.updateMany(
    ends.map(({ id, on }) => ({ id, validUntil: on, validUntilIs: "exact" as const })),
  );
  await tx.relationshipActs.createMany(
    ends.map(({ id, on, reason }) => ({ relationshipId: id, act: "ended" as const, on, reason: reason ?? null })),
  );
  return ended;
}
