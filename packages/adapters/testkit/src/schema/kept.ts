/** The schema of the facts about history: accounts (a tree), their deals and the deals' notes, all with history. */
import { defineSchema, defineTable } from "./define-table.ts";

const accounts = defineTable({
  entity: "account",
  history: true,
  columns: { name: "text", industry: "text?", parent_id: "text?" },
  unique: [["name"]],
  indexes: [["parent_id"]],
  references: { parent_id: "accounts" },
});

const deals = defineTable({
  entity: "deal",
  history: true,
  columns: {
    name: "text",
    account_id: "text?",
    stage: { kind: "text", values: ["new", "won", "lost"], default: "new" },
    amount: "bigint?",
    probability: "integer?",
    close_date: "date?",
  },
  indexes: [["account_id"]],
  asOfIndexes: [["stage", "close_date"]],
  references: { account_id: "accounts" },
});

const notes = defineTable({
  entity: "note",
  history: true,
  columns: { body: "text", deal_id: "text", position: "integer?" },
  indexes: [["deal_id"]],
  references: { deal_id: "deals" },
});

export const kept = defineSchema(accounts, deals, notes);
