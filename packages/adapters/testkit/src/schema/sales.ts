/** The schema that most facts use: users, accounts (a tree), their deals and the deals' notes. */
import type { Join } from "@relata/core/adapter";
import { defineSchema, defineTable } from "./define-table.ts";

const users = defineTable({ entity: "user", columns: { name: "text" } });

const accounts = defineTable({
  entity: "account",
  columns: {
    name: "text",
    industry: "text?",
    domain: "text?",
    employees: "integer?",
    revenue: "bigint?",
    active: "boolean?",
    founded: "date?",
    seen: "instant?",
    profile: "json?",
    code: "uuid?",
    parent_id: "text?",
    owner_id: "text?",
  },
  unique: [["domain"]],
  indexes: [["industry"], ["parent_id"], ["owner_id"]],
  references: { parent_id: "accounts", owner_id: "users" },
});

const deals = defineTable({
  entity: "deal",
  columns: {
    name: "text",
    account_id: "text",
    owner_id: "text?",
    amount: "bigint?",
    quantity: "integer?",
    status: { kind: "text", values: ["open", "won", "lost"], default: "open" },
    close_date: "date?",
  },
  unique: [["account_id", "name"]],
  indexes: [["status", "close_date"], ["owner_id"]],
  references: { account_id: "accounts", owner_id: "users" },
});

const notes = defineTable({
  entity: "note",
  columns: { body: "text", deal_id: "text", position: "integer?", pinned: "boolean?" },
  indexes: [["deal_id"]],
  references: { deal_id: "deals" },
});

export const sales = defineSchema(users, accounts, deals, notes);

/** The relations of `sales`, named from the row that stands at the beginning. */
export const join = {
  accountDeals: { table: "deals", local: "id", foreign: "account_id" },
  accountChildren: { table: "accounts", local: "id", foreign: "parent_id" },
  accountParent: { table: "accounts", local: "parent_id", foreign: "id" },
  accountOwner: { table: "users", local: "owner_id", foreign: "id" },
  accountSiblings: { table: "accounts", local: "parent_id", foreign: "parent_id" },
  dealAccount: { table: "accounts", local: "account_id", foreign: "id" },
  dealOwner: { table: "users", local: "owner_id", foreign: "id" },
  dealNotes: { table: "notes", local: "id", foreign: "deal_id" },
  noteDeal: { table: "deals", local: "deal_id", foreign: "id" },
} as const satisfies Readonly<Record<string, Join>>;
