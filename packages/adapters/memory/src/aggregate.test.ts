import type { AggregateQuery, Join } from "@relata/core/adapter";
import { beforeEach, expect, it } from "vitest";
import type { Database } from "./database.ts";
import { accounts, all, bind, compare, createDealsDatabase, deals, insert } from "./deals-fixture.ts";

const toAccount: Join = { table: "accounts", local: "account_id", foreign: "id" };
const toParent: Join = { table: "accounts", local: "parent_id", foreign: "id" };

let database: Database;
beforeEach(() => {
  database = createDealsDatabase();
  insert(database, accounts, [
    { id: "group", name: "Group" },
    { id: "acme", name: "Acme", parent_id: "group" },
    { id: "solo", name: "Solo" },
  ]);
  insert(database, deals, [
    {
      id: "1",
      name: "\uff5e",
      account_id: "acme",
      status: "open",
      close_date: "2026-10-31",
      amount: 9_007_199_254_740_993n,
      probability: 3,
    },
    {
      id: "2",
      name: "\u{1f600}",
      account_id: "acme",
      status: "won",
      close_date: "2026-11-01",
      amount: 2n,
      probability: null,
    },
    {
      id: "3",
      name: "a",
      account_id: "solo",
      status: "open",
      close_date: "2026-10-01",
      amount: 9_223_372_036_854_775_807n,
      probability: 50,
    },
    { id: "4", name: "a", account_id: null, status: "lost", close_date: null, amount: null, probability: 10 },
  ]);
});

const ask = (rest: Partial<AggregateQuery>, ...params: string[]) =>
  database.aggregate({ table: "deals", where: all(), groupBy: [], measures: [], ...rest }, bind(...params));

it("sums exactly beyond 53 and 64 bits, and weighs only rows that have both values", () => {
  const measures = [
    { kind: "sum", column: "amount" },
    { kind: "sum", column: "amount", weight: "probability" },
    { kind: "sum", column: "probability" },
  ] as const;
  expect(ask({ measures })).toEqual([[9_232_379_236_109_516_802n, 461_195_623_440_503_013_329n, 63n]]);
});

it("counts rows, values and distinct values, and finds the ends of text by code point", () => {
  const measures = [
    { kind: "rows" },
    { kind: "count", column: "close_date" },
    { kind: "countDistinct", column: "name" },
    { kind: "min", column: "name" },
    { kind: "max", column: "name" },
  ] as const;
  expect(ask({ measures })).toEqual([[4, 3, 3, "a", "\u{1f600}"]]);
});

it("groups by columns of joined rows, with null where there is none", () => {
  const groupBy = [
    { path: [toAccount], column: "name" },
    { path: [toAccount, toParent], column: "name" },
  ];
  expect(ask({ groupBy, measures: [{ kind: "rows" }] })).toEqual([
    ["Acme", "Group", 2],
    ["Solo", null, 1],
    [null, null, 1],
  ]);
});

it("groups by month", () => {
  const groupBy = [{ path: [], column: "close_date", bucket: "month" } as const];
  expect(ask({ groupBy, measures: [{ kind: "rows" }] })).toEqual([
    ["2026-10", 2],
    ["2026-11", 1],
    [null, 1],
  ]);
});

it("gives one row over nothing without group keys, and none with them", () => {
  const where = all(compare("id", "eq", 0));
  const measures = [{ kind: "rows" }, { kind: "sum", column: "amount" }, { kind: "max", column: "name" }] as const;
  expect(ask({ where, measures }, "none")).toEqual([[0, null, null]]);
  expect(ask({ where, measures, groupBy: [{ path: [], column: "status" }] }, "none")).toEqual([]);
});
