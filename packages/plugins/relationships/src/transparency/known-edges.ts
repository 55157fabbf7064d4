/** The relationships of a party, with where each is known from. */
import type { RecordReference } from "@relata/core/plugin";
import { edgesAround, type OrientedEdge } from "../edges-around.ts";
import { displayName, recordsOf } from "../names-of.ts";
import type { RecordIn, RelationshipRecord, RelationshipsContext, TypeRecord } from "../parts.ts";
import { chunksOf, thingKey } from "../things.ts";
import { genderOf } from "../type/gender.ts";
import { labelOf } from "../type/label-of.ts";

export type EvidenceRecord = RecordIn<"relationshipEvidences">;

/** A thing, and what it is called; null where it is gone. */
export interface NamedParty extends RecordReference {
  readonly name: string | null;
}

export interface KnownEdge {
  readonly relationshipId: string;
  /** The key of its type. */
  readonly type: string;
  /** Whether the party stands at its `from` end. */
  readonly isAlong: boolean;
  readonly far: NamedParty;
  /** What the party is to the other: "employee of"; and what the other is to the party: "employer". Null where the end has none. */
  readonly name: string | null;
  readonly role: string | null;
  readonly validFrom: string | null;
  readonly validUntil: string | null;
  readonly strength: string | null;
  readonly confidence: string | null;
  readonly basis: RelationshipRecord["basis"];
  readonly source: string | null;
  readonly attributes: RelationshipRecord["attributes"];
  /** Null for the party, to whom only notes on what is public are shown. */
  readonly notes: string | null;
  readonly visibility: RelationshipRecord["visibility"];
  readonly evidence: readonly Pick<EvidenceRecord, "recordType" | "recordId" | "url" | "note" | "on">[];
  readonly recordedAt: Date;
  readonly recordedBy: string | null;
}

export interface KnownEdges {
  readonly edges: readonly KnownEdge[];
  /** How many there are that are not shown. */
  readonly withheld: number;
  /** By `thingKey`. */
  readonly names: ReadonlyMap<string, string>;
}

export interface Shown {
  readonly types: ReadonlyMap<string, TypeRecord>;
  readonly visibility: readonly RelationshipRecord["visibility"][];
  readonly isParty: boolean;
}

/** All of them, whenever they were valid, by their ids: two queries, one for their evidence, and one for each entity, for every thousand. */
export async function knownEdges(
  context: RelationshipsContext,
  party: RecordReference,
  { types, visibility, isParty }: Shown,
): Promise<KnownEdges> {
  const around = await edgesAround(context, [party], { types });
  const all = [...new Map(around.map((each) => [each.edge.id, each])).values()];
  const shown = all.filter(({ edge }) => visibility.includes(edge.visibility));
  const records = await recordsOf(context, [party, ...shown.map(({ far }) => far)]);
  const evidence = await evidenceOf(
    context,
    shown.map(({ edge }) => edge.id),
  );
  const told = ({ edge, type, way, far }: OrientedEdge): KnownEdge => {
    const [near, other] = way === "along" ? (["from", "to"] as const) : (["to", "from"] as const);
    const [own, record] = [records.get(thingKey(party)), records.get(thingKey(far))];
    const { validFrom, validUntil, strength, confidence, basis, source, attributes, notes } = edge;
    return {
      ...{
        relationshipId: edge.id,
        type: type.key,
        isAlong: way === "along",
        far: { ...far, name: record ? displayName(record) : null },
      },
      name: labelOf(type, near, { gender: genderOf(own) }).name,
      role: labelOf(type, other, { gender: genderOf(record) }).role,
      ...{ validFrom, validUntil, strength, confidence, basis, source, attributes, visibility: edge.visibility },
      notes: isParty && edge.visibility !== "public" ? null : notes,
      evidence: evidence.get(edge.id) ?? [],
      ...{ recordedAt: edge.createdAt, recordedBy: edge.createdBy },
    };
  };
  const names = new Map([...records].map(([key, record]) => [key, displayName(record)]));
  return { edges: shown.map(told), withheld: all.length - shown.length, names };
}

async function evidenceOf(context: RelationshipsContext, edgeIds: readonly string[]) {
  const found = new Map<string, KnownEdge["evidence"][number][]>();
  for (const ids of chunksOf(edgeIds)) {
    const rows = context.relationshipEvidences.iterate({ where: { relationshipId: { in: ids } } });
    for await (const { relationshipId, recordType, recordId, url, note, on } of rows) {
      const known = found.get(relationshipId) ?? [];
      found.set(relationshipId, known);
      known.push({ recordType, recordId, url, note, on });
    }
  }
  return found;
}
