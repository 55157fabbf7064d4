/** What an export keeps of relationships beside what they say: evidence, acts, and in whose place they stand. */
import type { EvidenceInput } from "../edge/evidence.ts";
import { recordsOf } from "../names-of.ts";
import type { RelationshipRecord, RelationshipsContext } from "../parts.ts";
import { chunksOf, thingKey } from "../things.ts";
import type { PlannedEdge } from "./plan-edges.ts";

/** Evidence as it can be here: of a record that is not there, what was said of it is left, or else its name. */
export async function evidenceOf(
  tx: RelationshipsContext,
  edges: readonly PlannedEdge[],
): Promise<(edge: PlannedEdge) => readonly EvidenceInput[] | undefined> {
  const records = edges.flatMap(({ told }) => (told.kept.evidence ?? []).flatMap(({ record }) => record ?? []));
  const there = records.length > 0 ? await recordsOf(tx, records) : new Map<string, unknown>();
  return ({ told }) =>
    told.kept.evidence?.map(({ record, ...said }) => {
      if (!record || there.has(thingKey(record))) return record ? { ...said, record } : said;
      return said.url === undefined && said.note === undefined ? { ...said, note: thingKey(record) } : said;
    });
}

/** Of one that stands in the place of another which is not there, that is not kept. */
export async function writeKept(
  tx: RelationshipsContext,
  edges: readonly PlannedEdge[],
  stored: readonly RelationshipRecord[],
): Promise<void> {
  const acts = edges.flatMap(({ told }, at) =>
    (told.kept.acts ?? []).map(({ act, on = null, reason = null }) => ({
      ...{ relationshipId: stored[at]!.id, act, on, reason },
    })),
  );
  if (acts.length > 0) await tx.relationshipActs.createMany(acts);
  const places = edges.flatMap(({ told }, at) =>
    told.kept.supersedes === undefined ? [] : [{ id: stored[at]!.id, supersedesId: told.kept.supersedes }],
  );
  const there = new Set<string>();
  for (const part of chunksOf(places.map(({ supersedesId }) => supersedesId)))
    for await (const { id } of tx.relationships.iterate({ where: { id: { in: part } }, archived: "include" }))
      there.add(id);
  const known = places.filter(({ supersedesId }) => there.has(supersedesId));
  if (known.length > 0) await tx.relationships.updateMany(known);
}
