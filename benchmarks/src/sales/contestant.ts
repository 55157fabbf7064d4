/** What each contestant can do, in one vocabulary: the same inputs go in, the same answers come out. */
import type { Answer } from "../measure/measure.ts";

export interface Money {
  readonly amount: string;
  readonly currency: string;
}

export interface NewOpportunity {
  readonly name: string;
  readonly accountId: string;
  readonly ownerId: string;
  readonly amount: Money;
  readonly expectedCloseDate: string;
  readonly source: string;
}

export interface Opportunity {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly createdBy: string | null;
  readonly updatedAt: Date;
  readonly updatedBy: string | null;
  readonly archivedAt: Date | null;
  readonly name: string;
  readonly accountId: string | null;
  readonly contactId: string | null;
  readonly amount: Money | null;
  readonly oneTimeAmount: Money | null;
  readonly recurringAmount: Money | null;
  readonly recurringInterval: string | null;
  readonly monthlyRecurring: Money | null;
  readonly annualRecurring: Money | null;
  readonly pipelineId: string;
  readonly stageId: string;
  readonly status: "open" | "won" | "lost";
  readonly stageEnteredAt: Date;
  readonly actualCloseDate: string | null;
  readonly salesCycleDays: number | null;
  readonly lostReasonId: string | null;
  readonly lostNote: string | null;
  readonly boardPosition: string | null;
  readonly probability: string;
  readonly expectedCloseDate: string | null;
  readonly ownerId: string | null;
  readonly teamId: string | null;
  readonly queueId: string | null;
  readonly source: string | null;
  readonly nextStep: string | null;
}

export type FiveFields = Pick<Opportunity, "id" | "name" | "status" | "amount" | "expectedCloseDate" | "ownerId">;

/** Open opportunities expected to close on this day or later, by that day, 50 at a time. */
export interface PageQuery {
  readonly from: string;
  /** The `next` of the page before. */
  readonly after: unknown;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Undefined on the last page. */
  readonly next: unknown;
}

export interface BoardColumn {
  readonly stage: { readonly id: string; readonly key: string };
  readonly count: number;
  readonly amount: readonly Money[];
  readonly weighted: readonly Money[];
}

/** Who only reads. */
export interface Reader {
  get(id: string): Answer<Opportunity>;
  list(query: PageQuery): Answer<Page<Opportunity>>;
  listFiveFields(query: PageQuery): Answer<Page<FiveFields>>;
  close(): Answer<void>;
}

export interface Contestant extends Reader {
  /** With its first stay in a stage, in one transaction. */
  create(input: NewOpportunity): Answer<Opportunity>;
  /** Ends the stay in the old stage and begins one in the new. The versions that end are kept. */
  move(id: string, stage: string): Answer<Opportunity>;
  createMany(inputs: readonly NewOpportunity[]): Answer<readonly Opportunity[]>;
  board(): Answer<readonly BoardColumn[]>;
}

export const PAGE_SIZE = 50;
/** Pages begin on this day. */
export const FROM = "2026-04-01";
