/** Records beside an opportunity, made of rows by hand. */
import { amountOf, type StageEntryRow } from "./rows.ts";

interface RecordRow {
  readonly id: string;
  readonly version: number;
  readonly created_at: number;
  readonly created_by: string | null;
  readonly updated_at: number;
  readonly updated_by: string | null;
  readonly archived_at: number | null;
}

export interface AccountRow extends RecordRow {
  readonly name: string;
  readonly kind: string;
  readonly domain: string | null;
  readonly industry: string | null;
  readonly country: string | null;
  readonly employees: number | null;
  readonly annual_revenue: number | null;
  readonly annual_revenue_currency: string | null;
  readonly phone: string | null;
  readonly description: string | null;
  readonly source: string | null;
  readonly owner_id: string | null;
  readonly team_id: string | null;
  readonly queue_id: string | null;
  readonly parent_id: string | null;
  readonly pipeline_id: string | null;
  readonly stage_id: string | null;
  readonly status: string | null;
  readonly stage_entered_at: number | null;
  readonly actual_close_date: string | null;
  readonly sales_cycle_days: number | null;
  readonly lost_reason_id: string | null;
  readonly lost_note: string | null;
  readonly board_position: string | null;
}

export interface UserRow extends RecordRow {
  readonly name: string;
  readonly email: string | null;
  readonly time_zone: string | null;
  readonly manager_id: string | null;
  readonly team_id: string | null;
  readonly active: number;
}

export function accountOf(row: AccountRow) {
  return {
    id: row.id,
    version: row.version,
    createdAt: new Date(row.created_at),
    createdBy: row.created_by,
    updatedAt: new Date(row.updated_at),
    updatedBy: row.updated_by,
    archivedAt: dateOf(row.archived_at),
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
    id: row.id,
    version: row.version,
    createdAt: new Date(row.created_at),
    createdBy: row.created_by,
    updatedAt: new Date(row.updated_at),
    updatedBy: row.updated_by,
    archivedAt: dateOf(row.archived_at),
    name: row.name,
    email: row.email,
    timeZone: row.time_zone,
    managerId: row.manager_id,
    teamId: row.team_id,
    active: row.active === 1,
  };
}

export function stageEntryOf(row: StageEntryRow) {
  return {
    id: row.id,
    version: row.version,
    createdAt: new Date(row.created_at),
    createdBy: row.created_by,
    updatedAt: new Date(row.updated_at),
    updatedBy: row.updated_by,
    archivedAt: dateOf(row.archived_at),
    recordId: row.record_id,
    stageId: row.stage_id,
    enteredAt: new Date(row.entered_at),
    enteredBy: row.entered_by,
    leftAt: dateOf(row.left_at),
    durationMs: row.duration_ms,
  };
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
