/** The tables as Drizzle declares them: those columns that the benchmark reads and writes, by the names that they have in the database. */
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

const record = {
  tenant_id: text().notNull(),
  id: text().notNull(),
  version: integer().notNull(),
  created_at: integer().notNull(),
  created_by: text(),
  updated_at: integer().notNull(),
  updated_by: text(),
  archived_at: integer(),
};

const opportunityColumns = {
  ...record,
  name: text().notNull(),
  account_id: text(),
  contact_id: text(),
  amount: integer(),
  amount_currency: text(),
  one_time_amount: integer(),
  one_time_amount_currency: text(),
  recurring_amount: integer(),
  recurring_amount_currency: text(),
  recurring_interval: text(),
  monthly_recurring: integer(),
  monthly_recurring_currency: text(),
  annual_recurring: integer(),
  annual_recurring_currency: text(),
  pipeline_id: text().notNull(),
  stage_id: text().notNull(),
  status: text({ enum: ["open", "won", "lost"] }).notNull(),
  stage_entered_at: integer().notNull(),
  actual_close_date: text(),
  sales_cycle_days: integer(),
  lost_reason_id: text(),
  lost_note: text(),
  board_position: text(),
  probability: integer().notNull(),
  expected_close_date: text(),
  owner_id: text(),
  team_id: text(),
  queue_id: text(),
  source: text(),
  next_step: text(),
  name_folded: text().notNull(),
};

const stageEntryColumns = {
  ...record,
  record_id: text().notNull(),
  stage_id: text().notNull(),
  entered_at: integer().notNull(),
  entered_by: text(),
  left_at: integer(),
  duration_ms: integer(),
};

const ended = { ended_at: integer().notNull(), ended_by: text() };

export const opportunity = sqliteTable("opportunity", opportunityColumns);
export const opportunityHistory = sqliteTable("opportunity__history", { ...opportunityColumns, ...ended });
export const stageEntry = sqliteTable("opportunity_stage_entry", stageEntryColumns);
export const stageEntryHistory = sqliteTable("opportunity_stage_entry__history", { ...stageEntryColumns, ...ended });

export const stage = sqliteTable("stage", {
  tenant_id: text().notNull(),
  id: text().notNull(),
  pipeline_id: text().notNull(),
  key: text().notNull(),
  probability: integer().notNull(),
  position: integer().notNull(),
});

export const pipeline = sqliteTable("pipeline", {
  tenant_id: text().notNull(),
  id: text().notNull(),
  is_default: integer().notNull(),
});
