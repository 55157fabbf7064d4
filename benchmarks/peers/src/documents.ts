/** What the document stores hold: the records themselves, as an application in memory would keep them. */
import type { NewOpportunity, Opportunity } from "../../src/sales/contestant.ts";
import type { SalesCrm } from "../../src/sales/relata.ts";
import { newOpportunityRow, opportunityOf, type Stage } from "../../src/sales/rows.ts";

export interface StageEntry {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly createdBy: string | null;
  readonly updatedAt: Date;
  readonly updatedBy: string | null;
  readonly archivedAt: Date | null;
  readonly recordId: string;
  readonly stageId: string;
  readonly enteredAt: Date;
  readonly enteredBy: string | null;
  readonly leftAt: Date | null;
  readonly durationMs: number | null;
}

export interface Documents {
  readonly opportunities: readonly Opportunity[];
  readonly stageEntries: readonly StageEntry[];
}

/** Of the default pipeline, in their order. */
export async function stagesOf(crm: SalesCrm): Promise<readonly Stage[]> {
  const { items } = await crm.stages.list({
    where: { pipeline: { entityType: "opportunity", isDefault: true } },
    orderBy: [{ position: "asc" }],
  });
  return items.map(({ id, pipelineId, key, probability }) => ({
    id,
    key,
    pipeline_id: pipelineId,
    probability: Number(probability) * 100,
  }));
}

/** All that Relata holds of them, in the order of version and id. */
export async function documentsOf(crm: SalesCrm): Promise<Documents> {
  return {
    opportunities: await allOf((after) => crm.opportunities.list({ ...BY_VERSION, after })),
    stageEntries: await allOf((after) => crm.opportunityStageEntries.list({ ...BY_VERSION, after })),
  };
}

const BY_VERSION = { orderBy: [{ version: "asc" }], limit: 1_000 } as const;

async function allOf<T>(
  read: (after: string | undefined) => Promise<{ readonly items: readonly T[]; readonly next?: string | undefined }>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let after: string | undefined;
  do {
    const page = await read(after);
    all.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return all;
}

export function newOpportunity(
  input: NewOpportunity,
  stage: Stage,
  at: { readonly id: string; readonly now: number; readonly index?: number },
): Opportunity {
  return opportunityOf(newOpportunityRow(input, stage, at));
}

export function newStageEntry(
  id: string,
  { recordId, stageId, now }: { readonly recordId: string; readonly stageId: string; readonly now: number },
): StageEntry {
  return {
    id,
    version: 1,
    createdAt: new Date(now),
    createdBy: null,
    updatedAt: new Date(now),
    updatedBy: null,
    archivedAt: null,
    recordId,
    stageId,
    enteredAt: new Date(now),
    enteredBy: null,
    leftAt: null,
    durationMs: null,
  };
}
