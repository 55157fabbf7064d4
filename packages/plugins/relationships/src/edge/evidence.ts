/** What relationships rest on. */
import { invalidInput, type RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, thingSchema, withoutUndefined } from "../asked.ts";
import type { RecordIn, RelationshipsContext } from "../parts.ts";

export type EvidenceRecord = RecordIn<"relationshipEvidences">;

/** An activity or another record, a page, or a note: at least one of them. */
export interface EvidenceInput {
  readonly record?: RecordReference | undefined;
  readonly url?: string | undefined;
  readonly note?: string | undefined;
  /** The day that it speaks of. */
  readonly on?: string | undefined;
}

export const evidenceSchema = z.strictObject({
  record: thingSchema.optional(),
  url: z.string().min(1).max(10_000).optional(),
  note: z.string().min(1).max(100_000).optional(),
  on: daySchema.optional(),
});

/** In the order given; one write. */
export async function addEvidence(
  tx: RelationshipsContext,
  evidence: readonly (EvidenceInput & { readonly relationshipId: string })[],
): Promise<readonly EvidenceRecord[]> {
  if (evidence.length === 0) return [];
  return tx.relationshipEvidences.createMany(
    evidence.map(({ relationshipId, record, ...given }) => ({
      ...{ relationshipId, ...withoutUndefined(given) },
      ...(record ? { recordType: record.entityType, recordId: record.id } : {}),
    })),
  );
}

interface ProposedEvidence {
  readonly input: Partial<EvidenceRecord>;
  readonly before?: EvidenceRecord;
}

/** The `before` hook of evidence; what loses its record stays. @throws `invalid_input` for new evidence of nothing */
export async function proposeEvidence(
  _context: RelationshipsContext,
  batch: readonly ProposedEvidence[],
): Promise<void> {
  const isNumbered = batch.length > 1 && batch.every(({ before }) => before === undefined);
  const issues = batch.flatMap(({ input, before }, index) => {
    const { recordId = null, url = null, note = null } = input;
    if (before || recordId !== null || url !== null || note !== null) return [];
    const message = "or url or note is required: what the relationship rests on";
    return [{ field: "recordId", code: "missing_field", message, ...(isNumbered ? { index } : {}) }];
  });
  if (issues.length > 0) throw invalidInput("relationshipEvidence", issues);
}
