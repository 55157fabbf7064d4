/** Rows and records of what belongs to opportunities, as one would write them by hand. */
import type { StageEntryRow } from "../sales/rows.ts";

interface Kept {
  readonly id: string;
  readonly version: number;
  readonly created_at: number;
  readonly created_by: string | null;
  readonly updated_at: number;
  readonly updated_by: string | null;
  readonly archived_at: number | null;
}

const KEPT_COLUMNS = ["id", "version", "created_at", "created_by", "updated_at", "updated_by", "archived_at"] as const;

const ACCOUNT_TEXTS = ["kind", "domain", "industry", "country"] as const;
const ACCOUNT_FACTS = ["phone", "description", "source", "owner_id", "team_id", "queue_id", "parent_id"] as const;
const ACCOUNT_STAGE = [
  "pipeline_id",
  "stage_id",
  "status",
  "actual_close_date",
  "lost_reason_id",
  "lost_note",
] as const;

export const ACCOUNT_COLUMNS = [
  ...KEPT_COLUMNS,
  "name",
  ...ACCOUNT_TEXTS,
  "employees",
  "annual_revenue",
  "annual_revenue_currency",
  ...ACCOUNT_FACTS,
  ...ACCOUNT_STAGE,
  "stage_entered_at",
  "sales_cycle_days",
  "board_position",
] as const;

export type AccountRow = Kept & { readonly name: string } & Readonly<
    Record<
      | (typeof ACCOUNT_TEXTS)[number]
      | (typeof ACCOUNT_FACTS)[number]
      | (typeof ACCOUNT_STAGE)[number]
      | "annual_revenue_currency"
      | "board_position",
      string | null
    >
  > &
  Readonly<Record<"employees" | "annual_revenue" | "stage_entered_at" | "sales_cycle_days", number | null>>;

export const USER_COLUMNS = [...KEPT_COLUMNS, "name", "email", "time_zone", "manager_id", "team_id", "active"] as const;

export interface UserRow extends Kept {
  readonly name: string;
  readonly email: string | null;
  readonly time_zone: string | null;
  readonly manager_id: string | null;
  readonly team_id: string | null;
  readonly active: boolean;
}

export function accountOf(row: AccountRow) {
  const { annual_revenue: revenue, annual_revenue_currency: currency } = row;
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
    annualRevenue: revenue === null ? null : { amount: (revenue / 100).toFixed(2), currency },
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
    active: row.active,
  };
}

export function stageEntryOf(row: Omit<StageEntryRow, "tenant_id">) {
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
