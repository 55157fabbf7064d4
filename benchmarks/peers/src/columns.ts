/** How each column of the two tables is stored: what a peer's own definition of them is made from. */
import type { OpportunityRow, StageEntryRow } from "../../src/sales/rows.ts";

export interface StoredType {
  readonly type: "text" | "integer";
  readonly nullable: boolean;
}

const TEXT: StoredType = { type: "text", nullable: false };
const TEXT_OR_NULL: StoredType = { type: "text", nullable: true };
const INTEGER: StoredType = { type: "integer", nullable: false };
const INTEGER_OR_NULL: StoredType = { type: "integer", nullable: true };

const RECORD = {
  tenant_id: TEXT,
  id: TEXT,
  version: INTEGER,
  created_at: INTEGER,
  created_by: TEXT_OR_NULL,
  updated_at: INTEGER,
  updated_by: TEXT_OR_NULL,
  archived_at: INTEGER_OR_NULL,
} as const;

/** Dates are days, times are milliseconds, amounts are minor units and a currency. */
export const OPPORTUNITY_TYPES: Readonly<Record<keyof OpportunityRow, StoredType>> = {
  ...RECORD,
  name: TEXT,
  account_id: TEXT_OR_NULL,
  contact_id: TEXT_OR_NULL,
  amount: INTEGER_OR_NULL,
  amount_currency: TEXT_OR_NULL,
  one_time_amount: INTEGER_OR_NULL,
  one_time_amount_currency: TEXT_OR_NULL,
  recurring_amount: INTEGER_OR_NULL,
  recurring_amount_currency: TEXT_OR_NULL,
  recurring_interval: TEXT_OR_NULL,
  monthly_recurring: INTEGER_OR_NULL,
  monthly_recurring_currency: TEXT_OR_NULL,
  annual_recurring: INTEGER_OR_NULL,
  annual_recurring_currency: TEXT_OR_NULL,
  pipeline_id: TEXT,
  stage_id: TEXT,
  status: TEXT,
  stage_entered_at: INTEGER,
  actual_close_date: TEXT_OR_NULL,
  sales_cycle_days: INTEGER_OR_NULL,
  lost_reason_id: TEXT_OR_NULL,
  lost_note: TEXT_OR_NULL,
  board_position: TEXT_OR_NULL,
  probability: INTEGER,
  expected_close_date: TEXT_OR_NULL,
  owner_id: TEXT_OR_NULL,
  team_id: TEXT_OR_NULL,
  queue_id: TEXT_OR_NULL,
  source: TEXT_OR_NULL,
  next_step: TEXT_OR_NULL,
  name_folded: TEXT,
};

export const STAGE_ENTRY_TYPES: Readonly<Record<keyof StageEntryRow, StoredType>> = {
  ...RECORD,
  record_id: TEXT,
  stage_id: TEXT,
  entered_at: INTEGER,
  entered_by: TEXT_OR_NULL,
  left_at: INTEGER_OR_NULL,
  duration_ms: INTEGER_OR_NULL,
};
