/** Rows and records, as one would write it by hand: shared by the contestants without an SDK. */
import type { BoardColumn, FiveFields, Money, NewOpportunity, Opportunity } from "./contestant.ts";

export const TENANT = "default";

export interface OpportunityRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly version: number;
  readonly created_at: number;
  readonly created_by: string | null;
  readonly updated_at: number;
  readonly updated_by: string | null;
  readonly archived_at: number | null;
  readonly name: string;
  readonly account_id: string | null;
  readonly contact_id: string | null;
  readonly amount: number | null;
  readonly amount_currency: string | null;
  readonly one_time_amount: number | null;
  readonly one_time_amount_currency: string | null;
  readonly recurring_amount: number | null;
  readonly recurring_amount_currency: string | null;
  readonly recurring_interval: string | null;
  readonly monthly_recurring: number | null;
  readonly monthly_recurring_currency: string | null;
  readonly annual_recurring: number | null;
  readonly annual_recurring_currency: string | null;
  readonly pipeline_id: string;
  readonly stage_id: string;
  readonly status: "open" | "won" | "lost";
  readonly stage_entered_at: number;
  readonly actual_close_date: string | null;
  readonly sales_cycle_days: number | null;
  readonly lost_reason_id: string | null;
  readonly lost_note: string | null;
  readonly board_position: string | null;
  readonly probability: number;
  readonly expected_close_date: string | null;
  readonly owner_id: string | null;
  readonly team_id: string | null;
  readonly queue_id: string | null;
  readonly source: string | null;
  readonly next_step: string | null;
  readonly name_folded: string;
}

export interface StageEntryRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly version: number;
  readonly created_at: number;
  readonly created_by: string | null;
  readonly updated_at: number;
  readonly updated_by: string | null;
  readonly archived_at: number | null;
  readonly record_id: string;
  readonly stage_id: string;
  readonly entered_at: number;
  readonly entered_by: string | null;
  readonly left_at: number | null;
  readonly duration_ms: number | null;
}

/** All that a record is made of. */
export const OPPORTUNITY_COLUMNS = [
  "id",
  "version",
  "created_at",
  "created_by",
  "updated_at",
  "updated_by",
  "archived_at",
  "name",
  "account_id",
  "contact_id",
  "amount",
  "amount_currency",
  "one_time_amount",
  "one_time_amount_currency",
  "recurring_amount",
  "recurring_amount_currency",
  "recurring_interval",
  "monthly_recurring",
  "monthly_recurring_currency",
  "annual_recurring",
  "annual_recurring_currency",
  "pipeline_id",
  "stage_id",
  "status",
  "stage_entered_at",
  "actual_close_date",
  "sales_cycle_days",
  "lost_reason_id",
  "lost_note",
  "board_position",
  "probability",
  "expected_close_date",
  "owner_id",
  "team_id",
  "queue_id",
  "source",
  "next_step",
] as const;

/** All that the table has. */
export const OPPORTUNITY_TABLE = ["tenant_id", ...OPPORTUNITY_COLUMNS, "name_folded"] as const;

export const STAGE_ENTRY_COLUMNS = [
  "tenant_id",
  "id",
  "version",
  "created_at",
  "created_by",
  "updated_at",
  "updated_by",
  "archived_at",
  "record_id",
  "stage_id",
  "entered_at",
  "entered_by",
  "left_at",
  "duration_ms",
] as const;

export const FIVE_FIELDS_COLUMNS = [
  "id",
  "name",
  "status",
  "amount",
  "amount_currency",
  "expected_close_date",
  "owner_id",
] as const;

export interface Stage {
  readonly id: string;
  readonly pipeline_id: string;
  readonly key: string;
  readonly probability: number;
}

export function newOpportunityRow(
  input: NewOpportunity,
  stage: Stage,
  at: { readonly id: string; readonly now: number; readonly index?: number },
): OpportunityRow {
  return {
    tenant_id: TENANT,
    id: at.id,
    version: 1,
    created_at: at.now,
    created_by: null,
    updated_at: at.now,
    updated_by: null,
    archived_at: null,
    name: input.name,
    account_id: input.accountId,
    contact_id: null,
    amount: Number(input.amount.amount.replace(".", "")),
    amount_currency: input.amount.currency,
    one_time_amount: null,
    one_time_amount_currency: null,
    recurring_amount: null,
    recurring_amount_currency: null,
    recurring_interval: null,
    monthly_recurring: null,
    monthly_recurring_currency: null,
    annual_recurring: null,
    annual_recurring_currency: null,
    pipeline_id: stage.pipeline_id,
    stage_id: stage.id,
    status: "open",
    stage_entered_at: at.now,
    actual_close_date: null,
    sales_cycle_days: null,
    lost_reason_id: null,
    lost_note: null,
    board_position: enteredPosition(at.now, at.index),
    probability: stage.probability,
    expected_close_date: input.expectedCloseDate,
    owner_id: input.ownerId,
    team_id: null,
    queue_id: null,
    source: input.source,
    next_step: null,
    name_folded: input.name.normalize("NFKD").toLowerCase(),
  };
}

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Where what enters a stage stands on a board: behind what has entered before, and in the order of its list. */
export function enteredPosition(now: number, index = 0): string {
  let position = DIGITS[Math.floor(index / 62)]! + DIGITS[index % 62]!;
  for (let rest = now; position.length < 10; rest = Math.floor(rest / 62)) position = DIGITS[rest % 62]! + position;
  return `j${position}`;
}

export interface Stay {
  readonly id: string;
  readonly opportunityId: string;
  readonly stageId: string;
  readonly now: number;
}

export function newStageEntryRow({ id, opportunityId, stageId, now }: Stay): StageEntryRow {
  return {
    tenant_id: TENANT,
    id,
    version: 1,
    created_at: now,
    created_by: null,
    updated_at: now,
    updated_by: null,
    archived_at: null,
    record_id: opportunityId,
    stage_id: stageId,
    entered_at: now,
    entered_by: null,
    left_at: null,
    duration_ms: null,
  };
}

export function opportunityOf(row: Omit<OpportunityRow, "tenant_id" | "name_folded">): Opportunity {
  return {
    id: row.id,
    version: row.version,
    createdAt: new Date(row.created_at),
    createdBy: row.created_by,
    updatedAt: new Date(row.updated_at),
    updatedBy: row.updated_by,
    archivedAt: row.archived_at === null ? null : new Date(row.archived_at),
    name: row.name,
    accountId: row.account_id,
    contactId: row.contact_id,
    amount: amountOf(row.amount, row.amount_currency),
    oneTimeAmount: amountOf(row.one_time_amount, row.one_time_amount_currency),
    recurringAmount: amountOf(row.recurring_amount, row.recurring_amount_currency),
    recurringInterval: row.recurring_interval,
    monthlyRecurring: amountOf(row.monthly_recurring, row.monthly_recurring_currency),
    annualRecurring: amountOf(row.annual_recurring, row.annual_recurring_currency),
    pipelineId: row.pipeline_id,
    stageId: row.stage_id,
    status: row.status,
    stageEnteredAt: new Date(row.stage_entered_at),
    actualCloseDate: row.actual_close_date,
    salesCycleDays: row.sales_cycle_days,
    lostReasonId: row.lost_reason_id,
    lostNote: row.lost_note,
    boardPosition: row.board_position,
    probability: String(row.probability / 100),
    expectedCloseDate: row.expected_close_date,
    ownerId: row.owner_id,
    teamId: row.team_id,
    queueId: row.queue_id,
    source: row.source,
    nextStep: row.next_step,
  };
}

export type FiveFieldsRow = Pick<OpportunityRow, (typeof FIVE_FIELDS_COLUMNS)[number]>;

export function fiveFieldsOf(row: FiveFieldsRow): FiveFields {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    amount: amountOf(row.amount, row.amount_currency),
    expectedCloseDate: row.expected_close_date,
    ownerId: row.owner_id,
  };
}

/** Of minor units with two digits. */
export function amountOf(amount: number | null, currency: string | null): Money | null {
  return amount === null || currency === null ? null : { amount: (amount / 100).toFixed(2), currency };
}

/** A page is read with one row more than it has, which tells whether another follows. */
export function pageOf<Row extends { readonly id: string; readonly expected_close_date: string | null }, T>(
  rows: readonly Row[],
  size: number,
  decode: (row: Row) => T,
) {
  const last = rows.length > size ? rows[size - 1]! : undefined;
  return { items: rows.slice(0, size).map(decode), next: last && [last.expected_close_date, last.id] };
}

/** Of one stage and currency; the weighted sum is in minor units times 10,000. */
export interface BoardRow {
  readonly stage_id: string;
  readonly amount_currency: string | null;
  readonly count: bigint | number;
  readonly amount: bigint | string | null;
  readonly weighted: bigint | string | null;
}

export function boardOf(stages: readonly Stage[], rows: readonly BoardRow[]): readonly BoardColumn[] {
  return stages.map((stage) => {
    const own = rows.filter((row) => row.stage_id === stage.id);
    const moneys = own.filter((row) => row.amount_currency !== null);
    return {
      stage: { id: stage.id, key: stage.key },
      count: own.reduce((sum, { count }) => sum + Number(count), 0),
      amount: moneys.map(({ amount, amount_currency }) => moneyOf(BigInt(amount!), amount_currency!)),
      weighted: moneys.map(({ weighted, amount_currency }) =>
        moneyOf(halfEven(BigInt(weighted!), 10_000n), amount_currency!),
      ),
    };
  });
}

function moneyOf(minorUnits: bigint, currency: string): Money {
  const digits = minorUnits.toString().padStart(3, "0");
  return { amount: `${digits.slice(0, -2)}.${digits.slice(-2)}`, currency };
}

/** Of what is not negative. */
function halfEven(value: bigint, divisor: bigint): bigint {
  const [quotient, twice] = [value / divisor, (value % divisor) * 2n];
  return twice > divisor || (twice === divisor && quotient % 2n === 1n) ? quotient + 1n : quotient;
}
