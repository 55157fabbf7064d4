/** The rows that facts about aggregates are told of, and short names for measures. */
import type { Row } from "@relata/core/adapter";
import { expect } from "vitest";
import { type Fact, fact } from "../bench/fact.ts";
import type { Given } from "../bench/store.ts";
import type { Figures } from "../question/question.ts";
import { sales } from "../schema/sales.ts";

export const given: Given = {
  users: [
    { id: "ann", name: "Ann" },
    { id: "bob", name: "Bob" },
  ],
  accounts: [
    { id: "acme", industry: "retail", active: true, owner_id: "ann", seen: 5, name: "b" },
    { id: "beta", industry: "energy", active: null, owner_id: "bob", seen: -5, name: "\uff21" },
    { id: "core", industry: null, active: false, owner_id: null, seen: null, name: "🚀" },
  ],
  deals: [
    {
      id: "d1",
      account_id: "acme",
      amount: 100n,
      quantity: 2,
      status: "won",
      close_date: "2024-01-31",
      owner_id: "ann",
    },
    {
      id: "d2",
      account_id: "acme",
      amount: 50n,
      quantity: null,
      status: "open",
      close_date: "2024-02-01",
      owner_id: null,
    },
    { id: "d3", account_id: "beta", amount: null, quantity: 3, status: "won", close_date: null, owner_id: "bob" },
    {
      id: "d4",
      account_id: "core",
      amount: -25n,
      quantity: 4,
      status: "won",
      close_date: "2024-01-01",
      owner_id: "ann",
    },
    {
      id: "d5",
      account_id: "core",
      amount: 100n,
      quantity: 0,
      status: "lost",
      close_date: "2023-01-15",
      owner_id: null,
    },
  ],
};

/** A fact about an aggregate over the given rows; its groups come in no particular order. */
export const figuresOver =
  (rowsOf: Given) =>
  (name: string, question: Figures, expected: readonly Row[]): Fact =>
    fact(name, async (bench) => {
      const store = await bench.open(sales, rowsOf);
      expect(inOrder(await store.aggregate(question))).toEqual(inOrder(expected));
    });

export const figures = figuresOver(given);

export const rows = { kind: "rows" } as const;
export const sum = (column: string) => ({ kind: "sum", column }) as const;
export const weighted = (column: string, weight: string) => ({ kind: "sum", column, weight }) as const;
export const measure = (kind: "count" | "countDistinct" | "min" | "max", column: string) => ({ kind, column }) as const;

function inOrder(list: readonly Row[]): Row[] {
  const text = (row: Row) => row.map((value) => `${typeof value} ${String(value)}`).join("|");
  return [...list].sort((left, right) => (text(left) < text(right) ? -1 : 1));
}
