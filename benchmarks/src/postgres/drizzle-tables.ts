/** The tables as Drizzle is told of them. */
import { bigint, boolean, date, pgSchema, text, uuid } from "drizzle-orm/pg-core";

const crm = pgSchema("crm");
const whole = (name: string) => bigint(name, { mode: "number" });
const day = (name: string) => date(name, { mode: "string" });

const base = {
  tenant_id: text("tenant_id").notNull(),
  id: uuid("id").notNull(),
  version: whole("version").notNull(),
  created_at: whole("created_at").notNull(),
  created_by: text("created_by"),
  updated_at: whole("updated_at").notNull(),
  updated_by: text("updated_by"),
  archived_at: whole("archived_at"),
};

const opportunityColumns = {
  ...base,
  name: text("name").notNull(),
  account_id: uuid("account_id"),
  contact_id: uuid("contact_id"),
  amount: whole("amount"),
  amount_currency: text("amount_currency"),
  one_time_amount: whole("one_time_amount"),
  one_time_amount_currency: text("one_time_amount_currency"),
  recurring_amount: whole("recurring_amount"),
  recurring_amount_currency: text("recurring_amount_currency"),
  recurring_interval: text("recurring_interval"),
  monthly_recurring: whole("monthly_recurring"),
  monthly_recurring_currency: text("monthly_recurring_currency"),
  annual_recurring: whole("annual_recurring"),
  annual_recurring_currency: text("annual_recurring_currency"),
  pipeline_id: uuid("pipeline_id").notNull(),
  stage_id: uuid("stage_id").notNull(),
  status: text("status", { enum: ["open", "won", "lost"] }).notNull(),
  stage_entered_at: whole("stage_entered_at").notNull(),
  actual_close_date: day("actual_close_date"),
  sales_cycle_days: whole("sales_cycle_days"),
  lost_reason_id: uuid("lost_reason_id"),
  lost_note: text("lost_note"),
  board_position: text("board_position"),
  probability: whole("probability").notNull(),
  expected_close_date: day("expected_close_date"),
  owner_id: text("owner_id"),
  team_id: text("team_id"),
  queue_id: uuid("queue_id"),
  source: text("source"),
  next_step: text("next_step"),
  name_folded: text("name_folded").notNull(),
};

const stageEntryColumns = {
  ...base,
  record_id: uuid("record_id").notNull(),
  stage_id: uuid("stage_id").notNull(),
  entered_at: whole("entered_at").notNull(),
  entered_by: text("entered_by"),
  left_at: whole("left_at"),
  duration_ms: whole("duration_ms"),
};

const ended = { ended_at: whole("ended_at").notNull(), ended_by: text("ended_by") };

export const opportunity = crm.table("opportunity", opportunityColumns);
export const opportunityHistory = crm.table("opportunity__history", { ...opportunityColumns, ...ended });
export const stageEntry = crm.table("opportunity_stage_entry", stageEntryColumns);
export const stageEntryHistory = crm.table("opportunity_stage_entry__history", { ...stageEntryColumns, ...ended });
export const stage = crm.table("stage", {
  tenant_id: base.tenant_id,
  id: base.id,
  pipeline_id: uuid("pipeline_id").notNull(),
  key: text("key").notNull(),
  position: whole("position").notNull(),
  probability: whole("probability").notNull(),
});
export const pipeline = crm.table("pipeline", {
  tenant_id: base.tenant_id,
  id: base.id,
  is_default: boolean("is_default").notNull(),
});
