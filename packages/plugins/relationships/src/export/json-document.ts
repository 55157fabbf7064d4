/** The document of an export, which an import reads again. */
import type { RecordReference } from "@relata/core/plugin";
import type { EvidenceInput } from "../edge/evidence.ts";
import type { EngagementTypeDefinition } from "../engagement/engage.ts";
import type { InferenceRuleInput } from "../inference/rule-schemas.ts";
import type { OfficeDefinition } from "../office/define-offices.ts";
import type { EngagementRecord, RecordIn, RelationshipRecord, RelationshipsContext } from "../parts.ts";
import type { PartyKindDefinition } from "../party/define-party-kinds.ts";
import { chunksOf } from "../things.ts";
import type { TypeDefinition } from "../type/define-relationship-type.ts";
import { type AskedGraph, type DrawnEdge, drawEdges } from "./read-graph.ts";

/** What an import does not need is for readers: names, and who did what and when. */
export interface JsonDocument {
  readonly format: "relata-relationships";
  readonly version: 1;
  /** Valid on this day; null: on any. */
  readonly on: string | null;
  /** Those of engagements are made with these. */
  readonly types: readonly TypeDefinition[];
  readonly engagementTypes: readonly EngagementTypeDefinition[];
  readonly partyKinds: readonly Required<PartyKindDefinition>[];
  readonly rules: readonly InferenceRuleInput[];
  readonly offices: readonly (OfficeDefinition & { readonly id: string })[];
  readonly engagements: readonly JsonEngagement[];
  readonly profiles: readonly JsonProfile[];
  readonly edges: readonly JsonEdge[];
}

export interface JsonEngagement extends Pick<EngagementRecord, "id" | "name" | "validFrom" | "validUntil" | "notes"> {
  /** The key of its kind. */
  readonly type: string;
}

export interface JsonProfile {
  readonly id: string;
  readonly accountId: string;
  /** The key of the kind. */
  readonly kind: string;
  readonly attributes: RecordIn<"partyProfiles">["attributes"];
}

/** By the fields that rows of an import have; what is null or as it is by default is left out. */
export interface JsonEdge {
  readonly relationshipId: string;
  readonly from: RecordReference & { readonly name: string };
  readonly to: RecordReference & { readonly name: string };
  readonly type: string;
  readonly key?: string;
  readonly office?: string;
  readonly validFrom?: string;
  readonly validFromIs?: RelationshipRecord["validFromIs"];
  readonly validUntil?: string;
  readonly validUntilIs?: RelationshipRecord["validUntilIs"];
  readonly isPrimary?: true;
  readonly strength?: string;
  readonly confidence?: string;
  readonly basis: RelationshipRecord["basis"];
  readonly source?: string;
  readonly notes?: string;
  readonly visibility: RelationshipRecord["visibility"];
  readonly attributes?: RelationshipRecord["attributes"];
  /** The `relationshipId` of the one in whose place it stands. */
  readonly supersedes?: string;
  readonly evidence?: readonly EvidenceInput[];
  readonly acts?: readonly JsonAct[];
}

export interface JsonAct {
  readonly act: RecordIn<"relationshipActs">["act"];
  readonly on?: string;
  readonly reason?: string;
  readonly at: Date;
  readonly by?: string;
}

/** One page for each page. Three queries and those of names for every thousand. */
export async function* jsonEdges(
  context: RelationshipsContext,
  asked: AskedGraph,
  pages: Iterable<readonly RelationshipRecord[]> | AsyncIterable<readonly RelationshipRecord[]>,
): AsyncGenerator<readonly JsonEdge[], void, undefined> {
  for await (const page of pages) {
    const drawn = await drawEdges(context, page, { asked });
    const ids = page.map(({ id }) => id);
    const [evidence, acts] = [await evidenceOf(context, ids), await actsOf(context, ids)];
    yield drawn.map((each) => ({
      ...edgeOf(each),
      ...given({ evidence: evidence.get(each.edge.id), acts: acts.get(each.edge.id) }),
    }));
  }
}

function edgeOf({ edge, type, from, to, office }: DrawnEdge): JsonEdge {
  return given({
    ...{ relationshipId: edge.id, from: { ...from.thing, name: from.name }, to: { ...to.thing, name: to.name } },
    ...{ type: type.key, key: edge.key, office },
    ...{ validFrom: edge.validFrom, validFromIs: edge.validFromIs === "exact" ? null : edge.validFromIs },
    ...{ validUntil: edge.validUntil, validUntilIs: edge.validUntilIs === "exact" ? null : edge.validUntilIs },
    ...{ isPrimary: edge.isPrimary || null, strength: edge.strength, confidence: edge.confidence, basis: edge.basis },
    ...{ source: edge.source, notes: edge.notes, visibility: edge.visibility },
    attributes: Object.keys(edge.attributes).length === 0 ? null : edge.attributes,
    supersedes: edge.supersedesId,
  }) as unknown as JsonEdge;
}

async function evidenceOf(context: RelationshipsContext, ids: readonly string[]) {
  const found: { readonly id: string; readonly told: EvidenceInput }[] = [];
  for (const part of chunksOf(ids)) {
    const rows = context.relationshipEvidences.iterate({ where: { relationshipId: { in: part } } });
    for await (const { relationshipId, recordType, recordId, url, note, on } of rows) {
      const record = recordType === null || recordId === null ? null : { entityType: recordType, id: recordId };
      found.push({ id: relationshipId, told: given({ record, url, note, on }) });
    }
  }
  return listsById(found);
}

async function actsOf(context: RelationshipsContext, ids: readonly string[]) {
  const found: { readonly id: string; readonly told: JsonAct }[] = [];
  for (const part of chunksOf(ids)) {
    const rows = context.relationshipActs.iterate({ where: { relationshipId: { in: part } } });
    for await (const { relationshipId, act, on, reason, createdAt, createdBy } of rows)
      found.push({
        id: relationshipId,
        told: { act, ...given({ on, reason }), at: createdAt, ...given({ by: createdBy }) },
      });
  }
  return listsById(found);
}

function listsById<T>(rows: readonly { readonly id: string; readonly told: T }[]): ReadonlyMap<string, readonly T[]> {
  const groups = Map.groupBy(rows, ({ id }) => id);
  return new Map([...groups].map(([id, group]) => [id, group.map(({ told }) => told)]));
}

type Given<T> = { [K in keyof T]?: NonNullable<T[K]> };

/** Without what is null. */
function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined),
  ) as Given<T>;
}
