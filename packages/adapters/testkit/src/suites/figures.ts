/** Counts, sums, and the smallest and largest values. */
import { expect } from "vitest";
import { fact, type Suite } from "../bench/fact.ts";
import type { Given } from "../bench/store.ts";
import { eq } from "../question/condition.ts";
import { sales } from "../schema/sales.ts";
import { figures, figuresOver, given, measure, rows, sum, weighted } from "./aggregate-fixture.ts";

const largest = 9_223_372_036_854_775_807n;
const smallest = -9_223_372_036_854_775_808n;

export const figureFacts: Suite = {
  name: "figures",
  facts: [
    figures("counts rows as a number", { table: "deals", measures: [rows] }, [[5]]),
    figures(
      "counts the values that are not null",
      { table: "deals", measures: [measure("count", "amount"), measure("count", "name")] },
      [[4, 5]],
    ),
    figures(
      "counts distinct values, null passed over",
      { table: "deals", measures: [measure("countDistinct", "amount"), measure("countDistinct", "owner_id")] },
      [[3, 2]],
    ),
    figuresOver({
      accounts: ["a", "A", "\u00e9", "e\u0301", "a"].map((name, number) => ({ id: `${number}`, name })),
    })("counts distinct texts by code point", { table: "accounts", measures: [measure("countDistinct", "name")] }, [
      [4],
    ]),
    figures(
      "counts distinct booleans, dates and instants",
      {
        table: "accounts",
        measures: [
          measure("countDistinct", "active"),
          measure("countDistinct", "founded"),
          measure("countDistinct", "seen"),
        ],
      },
      [[2, 0, 2]],
    ),
    figures("sums bigints to a bigint, null passed over", { table: "deals", measures: [sum("amount")] }, [[225n]]),
    figures("sums integers to a bigint", { table: "deals", measures: [sum("quantity")] }, [[9n]]),
    figures("sums zero to zero, not to null", { table: "deals", where: eq("id", "d5"), measures: [sum("quantity")] }, [
      [0n],
    ]),
    figures("sums no values to null", { table: "deals", where: eq("id", "d3"), measures: [sum("amount"), rows] }, [
      [null, 1],
    ]),
    figures(
      "weighs each value, where both it and its weight are present",
      { table: "deals", measures: [weighted("amount", "quantity")] },
      [[100n]],
    ),
    figures("weighs a column by itself", { table: "deals", measures: [weighted("amount", "amount")] }, [[23_125n]]),
    figures(
      "weighs no values to null",
      { table: "deals", where: eq("id", "d2"), measures: [weighted("amount", "quantity")] },
      [[null]],
    ),
    figures(
      "finds the smallest and largest bigint",
      { table: "deals", measures: [measure("min", "amount"), measure("max", "amount")] },
      [[-25n, 100n]],
    ),
    figures(
      "finds the smallest and largest integer",
      { table: "deals", measures: [measure("min", "quantity"), measure("max", "quantity")] },
      [[0, 4]],
    ),
    figures(
      "finds the smallest and largest date",
      { table: "deals", measures: [measure("min", "close_date"), measure("max", "close_date")] },
      [["2023-01-15", "2024-02-01"]],
    ),
    figures(
      "finds the earliest and latest instant",
      { table: "accounts", measures: [measure("min", "seen"), measure("max", "seen")] },
      [[-5, 5]],
    ),
    figures(
      "finds the smallest and largest text by code point",
      { table: "accounts", measures: [measure("min", "name"), measure("max", "name")] },
      [["b", "🚀"]],
    ),
    figures(
      "finds no smallest and no largest among nulls",
      { table: "deals", where: eq("id", "d3"), measures: [measure("min", "amount"), measure("max", "close_date")] },
      [[null, null]],
    ),
    figuresOver(extremes([smallest, largest, largest - 1n, largest, 0n]))(
      "finds extreme bigints exactly",
      {
        table: "deals",
        measures: [measure("min", "amount"), measure("max", "amount"), measure("countDistinct", "amount")],
      },
      [[smallest, largest, 4]],
    ),
    figures(
      "gives exactly one row over no rows, without groups",
      {
        table: "deals",
        where: eq("id", "none"),
        measures: [
          rows,
          measure("count", "amount"),
          measure("countDistinct", "amount"),
          sum("amount"),
          measure("min", "name"),
          measure("max", "name"),
        ],
      },
      [[0, 0, 0, null, null, null]],
    ),
    figuresOver(extremes([largest, largest, largest, largest, largest]))(
      "sums far beyond 64 bits exactly",
      { table: "deals", measures: [sum("amount")] },
      [[largest * 5n]],
    ),
    figuresOver(extremes([smallest, smallest, smallest]))(
      "sums far below -2^63 exactly",
      { table: "deals", measures: [sum("amount")] },
      [[smallest * 3n]],
    ),
    figuresOver(extremes([largest, 1n, smallest]))(
      "sums exactly where a part overflows and the whole does not",
      { table: "deals", measures: [sum("amount")] },
      [[0n]],
    ),
    figuresOver({
      accounts: [{ id: "a" }],
      deals: [1, 2, 3].map((number) => ({ id: `d${number}`, account_id: "a", quantity: 9_007_199_254_740_991 })),
    })("sums integers beyond 2^53 exactly", { table: "deals", measures: [sum("quantity")] }, [
      [27_021_597_764_222_973n],
    ]),
    figuresOver({
      accounts: [{ id: "a" }],
      deals: [
        { id: "d1", account_id: "a", amount: largest, quantity: 9_007_199_254_740_991 },
        { id: "d2", account_id: "a", amount: smallest, quantity: 9_007_199_254_740_991 },
        { id: "d3", account_id: "a", amount: largest, quantity: 3 },
      ],
    })("weighs far beyond 64 bits exactly", { table: "deals", measures: [weighted("amount", "quantity")] }, [
      [largest * 9_007_199_254_740_991n + smallest * 9_007_199_254_740_991n + largest * 3n],
    ]),
    figuresOver({
      accounts: [{ id: "a" }],
      deals: [{ id: "d1", account_id: "a", amount: -9_007_199_254_740_993n, quantity: -7 }],
    })(
      "weighs negative values by negative weights",
      { table: "deals", measures: [weighted("amount", "quantity"), weighted("quantity", "amount")] },
      [[7n * 9_007_199_254_740_993n, 7n * 9_007_199_254_740_993n]],
    ),
    figuresOver(extremes([smallest, largest, smallest]))(
      "weighs extreme bigints by one another exactly",
      { table: "deals", measures: [weighted("amount", "amount")] },
      [[smallest * smallest * 2n + largest * largest]],
    ),
    figures(
      "gives the measures in their order, one more than once as well",
      { table: "deals", measures: [sum("amount"), rows, sum("amount"), measure("max", "quantity")] },
      [[225n, 5, 225n, 4]],
    ),
    fact("answers one query object anew for other values", async (bench) => {
      const store = await bench.open(sales, given);
      const total = (status: string) =>
        store.aggregate({ table: "deals", where: eq("status", status), measures: [sum("amount")] });
      expect(await total("won")).toEqual([[75n]]);
      expect(await total("open")).toEqual([[50n]]);
    }),
  ],
};

function extremes(amounts: readonly bigint[]): Given {
  return {
    accounts: [{ id: "a" }],
    deals: amounts.map((amount, number) => ({ id: `d${number}`, account_id: "a", amount })),
  };
}
