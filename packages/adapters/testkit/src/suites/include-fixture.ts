/** The rows that facts about includes are told of, and the includes that they ask for. */
import type { Inclusion } from "../question/question.ts";

export const given = {
  users: [
    { id: "ann", name: "Ann" },
    { id: "bob", name: "Bob" },
  ],
  accounts: [
    { id: "acme", name: "Acme", owner_id: "ann" },
    { id: "beta", name: "Beta", parent_id: "acme", owner_id: "bob" },
    { id: "core", name: "Core", parent_id: "acme", owner_id: null },
  ],
  deals: [
    { id: "d1", name: "One", account_id: "acme", amount: 30n, owner_id: "ann" },
    { id: "d2", name: "Two", account_id: "acme", amount: null, owner_id: "bob" },
    { id: "d3", name: "Three", account_id: "acme", amount: 10n },
    { id: "d4", name: "Four", account_id: "beta", amount: 20n, owner_id: "ann" },
    { id: "d5", name: "Five", account_id: "beta", amount: 40n },
  ],
  notes: [
    { id: "n1", deal_id: "d1", body: "first", position: 2 },
    { id: "n2", deal_id: "d1", body: "second", position: 1 },
    { id: "n3", deal_id: "d4", body: "third", position: null },
  ],
};

export const deals = (question: Partial<Inclusion["question"]> = {}): Inclusion => ({
  cardinality: "many",
  local: "id",
  foreign: "account_id",
  question: { table: "deals", columns: ["id", "account_id"], ...question },
});
export const notes = (question: Partial<Inclusion["question"]> = {}): Inclusion => ({
  cardinality: "many",
  local: "id",
  foreign: "deal_id",
  question: { table: "notes", columns: ["body", "deal_id"], ...question },
});
export const owner = (question: Partial<Inclusion["question"]> = {}): Inclusion => ({
  cardinality: "one",
  local: "owner_id",
  foreign: "id",
  question: { table: "users", columns: ["id", "name"], ...question },
});
export const account: Inclusion = {
  cardinality: "one",
  local: "account_id",
  foreign: "id",
  question: { table: "accounts", columns: ["id", "name"] },
};
