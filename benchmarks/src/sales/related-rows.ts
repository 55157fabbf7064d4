/** Records beside an opportunity, made of rows by hand. */
import { amountOf, type OpportunityRow, type StageEntryRow } from "./rows.ts";

const RECORD_COLUMNS = [
  "id",
  "version",
  "created_at",
  "created_by",
  "updated_at",
  "updated_by",
  "archived_at",
] as const;

type RecordRow = Pick<OpportunityRow, (typeof RECORD_COLUMNS)[number]>;

const ACCOUNT_TEXTS = [
  "domain",
  "industry",
  "country",
  "annual_revenue_currency",
  "phone",
  "description",
  "source",
  "owner_id",
  "team_id",
  "queue_id",
  "parent_id",
  "pipeline_id",
  "stage_id",
  "status",
  "actual_close_date",
  "lost_reason_id",
  "lost_note",
  "board_position",
] as const;
const ACCOUNT_NUMBERS = ["employees", "annual_revenue", "stage_entered_at", "sales_cycle_days"] as const;
const USER_TEXTS = ["email", "time_zone", "manager_id", "team_id"] as const;

export const ACCOUNT_COLUMNS = [...RECORD_COLUMNS, "name", "kind", ...ACCOUNT_TEXTS, ...ACCOUNT_NUMBERS] as const;
export const USER_COLUMNS = [...RECORD_COLUMNS, "name", ...USER_TEXTS, "active"] as const;

export type AccountRow = RecordRow &
  Readonly<Record<"name" | "kind", string>> &
  Readonly<Record<(typeof ACCOUNT_TEXTS)[number], string | null>> &
  Readonly<Record<(typeof ACCOUNT_NUMBERS)[number], number | null>>;

export type UserRow = RecordRow &
  Readonly<Record<(typeof USER_TEXTS)[number], string | null>> & {
    readonly name: string;
    /** SQLite has no boolean. */
    readonly active: boolean | number;
  };

export function accountOf(row: AccountRow) {
  return {
    ...recordOf(row),
    name: row.name,
    kind: row.kind,
    domain: row.domain,
    industry: row.industry,
    country: row.country,
    employees: row.employees,
    annualRevenue: amountOf(row.annual_revenue, row.annual_revenue_currency),
    phone: row.phone,
    description: row.description,
    source: row.source,
    ownerId: row.owner_id,
    teamId: row.team_id,
    queueId: row.queue_id,
    parentId: row.parent_id,
    pipelineId: row.pipeline_id,
    stageId: row.stage_id,
    status: row.status,
    stageEnteredAt: dateOf(row.stage_entered_at),
    actualCloseDate: row.actual_close_date,
    salesCycleDays: row.sales_cycle_days,
    lostReasonId: row.lost_reason_id,
    lostNote: row.lost_note,
    boardPosition: row.board_position,
  };
}

export function userOf(row: UserRow) {
  return {
    ...recordOf(row),
    name: row.name,
    email: row.email,
    timeZone: row.time_zone,
    managerId: row.manager_id,
    teamId: row.team_id,
    active: Boolean(row.active),
  };
}

export function stageEntryOf(row: Omit<StageEntryRow, "tenant_id">) {
  return {
    ...recordOf(row),
    recordId: row.record_id,
    stageId: row.stage_id,
    enteredAt: new Date(row.entered_at),
    enteredBy: row.entered_by,
    leftAt: dateOf(row.left_at),
    durationMs: row.duration_ms,
  };
}

function recordOf(row: RecordRow) {
  return {
    id: row.id,
    version: row.version,
    createdAt: new Date(row.created_at),
    createdBy: row.created_by,
    updatedAt: new Date(row.updated_at),
    updatedBy: row.updated_by,
    archivedAt: dateOf(row.archived_at),
  };
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
