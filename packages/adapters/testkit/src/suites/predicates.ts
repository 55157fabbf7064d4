/** Comparisons, lists, ranges and their combination. */
import { always } from "@relata/core/adapter";
import { expect } from "vitest";
import type { Bench } from "../bench/bench.ts";
import { type Fact, fact, type Suite } from "../bench/fact.ts";
import { firstTenant } from "../bench/store.ts";
import {
  and,
  between,
  type Condition,
  eq,
  everything,
  gt,
  gte,
  isIn,
  lt,
  lte,
  ne,
  not,
  or,
} from "../question/condition.ts";
import { sales } from "../schema/sales.ts";

const given = {
  accounts: [
    {
      id: "a",
      name: "Acme",
      industry: "retail",
      employees: 10,
      revenue: 500n,
      active: true,
      founded: "2001-01-31",
      seen: 0,
    },
    {
      id: "b",
      name: "Beta",
      industry: "energy",
      employees: 20,
      revenue: -500n,
      active: false,
      founded: "2001-02-01",
      seen: -1,
    },
    {
      id: "c",
      name: "acme",
      industry: "Retail",
      employees: 30,
      revenue: 0n,
      active: true,
      founded: "1999-12-31",
      seen: 1_700_000_000_000,
    },
  ],
};

const finds = (name: string, where: Condition, ids: readonly string[]): Fact =>
  fact(name, async (bench) => expect(await found(bench, where)).toEqual(ids));

async function found(bench: Bench, where: Condition) {
  const store = await bench.open(sales, given);
  return store.list({ table: "accounts", where });
}

export const predicates: Suite = {
  name: "predicates",
  facts: [
    finds("finds every row under the empty conjunction", everything, ["a", "b", "c"]),
    finds("finds no row under the empty disjunction", or(), []),
    finds("finds no row under the negated empty conjunction", not(everything), []),
    finds("compares text exactly, upper and lower case apart", eq("name", "acme"), ["c"]),
    finds("finds what differs", ne("name", "acme"), ["a", "b"]),
    finds("orders text by code point in a comparison, capitals first", lt("name", "a"), ["a", "b"]),
    finds("excludes the bound from lt", lt("employees", 20), ["a"]),
    finds("includes the bound in lte", lte("employees", 20), ["a", "b"]),
    finds("excludes the bound from gt", gt("employees", 20), ["c"]),
    finds("includes the bound in gte", gte("employees", 20), ["b", "c"]),
    finds("compares bigints by value", lt("revenue", 0n), ["b"]),
    finds("compares booleans", eq("active", false), ["b"]),
    finds("orders false before true in a comparison", lt("active", true), ["b"]),
    finds("compares dates as days", gte("founded", "2001-02-01"), ["b"]),
    finds("compares instants before 1970", lt("seen", 0), ["b"]),
    finds("includes both ends in between", between("employees", 10, 20), ["a", "b"]),
    finds("finds nothing between ends in the wrong order", between("employees", 20, 10), []),
    finds("includes both ends of a range of dates", between("founded", "2001-01-31", "2001-02-01"), ["a", "b"]),
    finds("includes both ends of a range of text", between("name", "Acme", "Beta"), ["a", "b"]),
    finds("finds the members of a list", isIn("industry", ["energy", "retail", "mining"]), ["a", "b"]),
    finds("finds the members of a list that repeats itself once", isIn("industry", ["energy", "energy"]), ["b"]),
    finds("finds nothing in the empty list", isIn("industry", []), []),
    finds("finds everything outside of the empty list", not(isIn("industry", [])), ["a", "b", "c"]),
    finds("finds booleans in a list", isIn("active", [true]), ["a", "c"]),
    finds("finds dates in a list", isIn("founded", ["1999-12-31", "2001-02-01"]), ["b", "c"]),
    finds("finds negative bigints in a list", isIn("revenue", [-500n, 0n]), ["b", "c"]),
    finds("keeps what satisfies all conditions of and", and(gt("employees", 10), eq("active", true)), ["c"]),
    finds("keeps what satisfies any condition of or", or(eq("id", "a"), eq("id", "c")), ["a", "c"]),
    finds("groups and within or", or(and(eq("active", true), lt("employees", 20)), eq("name", "Beta")), ["a", "b"]),
    finds("groups or within and", and(eq("active", true), or(eq("name", "acme"), eq("name", "Beta"))), ["c"]),
    finds("negates a conjunction", not(and(eq("active", true), lt("employees", 20))), ["b", "c"]),
    finds("negates a disjunction", not(or(eq("id", "a"), eq("id", "b"))), ["c"]),
    finds("negates a negation", not(not(eq("id", "a"))), ["a"]),
    finds("answers a disjunction of 500 conditions", or(...numbers(500).map((number) => eq("employees", number))), [
      "a",
      "b",
      "c",
    ]),
    finds("answers 40 negations within one another", nested(40, eq("id", "a")), ["a"]),
    fact("finds the members of lists of any length around the limits of databases", async (bench) => {
      const store = await bench.open(sales, given);
      for (const length of [0, 1, 2, 32_765, 32_766, 32_767, 32_768, 65_535, 65_536, 100_000]) {
        const others = numbers(Math.max(0, length - 1)).map((number) => 1_000 + number);
        const values = length === 0 ? [] : [...others, 20];
        expect(await store.list({ table: "accounts", where: isIn("employees", values) })).toEqual(
          length === 0 ? [] : ["b"],
        );
        expect(await store.list({ table: "accounts", where: not(isIn("employees", values)) })).toEqual(
          length === 0 ? ["a", "b", "c"] : ["a", "c"],
        );
      }
    }),
    fact("finds the members of a list of 100,000 texts", async (bench) => {
      const store = await bench.open(sales, given);
      const values = [...numbers(99_998).map((number) => `Firm "${number}"`), "acme", "Acme"];
      expect(await store.list({ table: "accounts", where: isIn("name", values) })).toEqual(["a", "c"]);
    }),
    fact("tells bigints beyond 2^53 apart in a list", async (bench) => {
      const store = await bench.open(sales, {
        accounts: [
          { id: "a", revenue: 9_007_199_254_740_992n },
          { id: "b", revenue: 9_007_199_254_740_993n },
          { id: "c", revenue: 9_223_372_036_854_775_807n },
          { id: "d", revenue: -9_223_372_036_854_775_808n },
        ],
      });
      const inList = (...values: bigint[]) => store.list({ table: "accounts", where: isIn("revenue", values) });
      expect(await inList(9_007_199_254_740_993n)).toEqual(["b"]);
      expect(await inList(9_223_372_036_854_775_806n)).toEqual([]);
      expect(await inList(9_223_372_036_854_775_807n, -9_223_372_036_854_775_808n)).toEqual(["c", "d"]);
      expect(await inList(-9_223_372_036_854_775_807n, 9_007_199_254_740_992n)).toEqual(["a"]);
    }),
    fact("tells bigints beyond 2^53 apart in comparisons", async (bench) => {
      const store = await bench.open(sales, {
        accounts: [
          { id: "a", revenue: 9_007_199_254_740_992n },
          { id: "b", revenue: 9_007_199_254_740_993n },
        ],
      });
      const list = (where: Condition) => store.list({ table: "accounts", where });
      expect(await list(eq("revenue", 9_007_199_254_740_993n))).toEqual(["b"]);
      expect(await list(gt("revenue", 9_007_199_254_740_992n))).toEqual(["b"]);
      expect(await list(between("revenue", 9_007_199_254_740_993n, 9_007_199_254_740_994n))).toEqual(["b"]);
    }),
    fact("answers one query object anew for other values, lists, limits and tenants", async (bench) => {
      const store = await bench.open(sales, given);
      const list = ([employees, industries, limit]: [number, string[], number], tenant?: string) => {
        const where = and(gte("employees", employees), isIn("industry", industries));
        return store.list({ table: "accounts", where, limit }, tenant);
      };
      expect(await list([10, ["retail", "energy"], 5])).toEqual(["a", "b"]);
      expect(await list([20, ["retail", "energy"], 5])).toEqual(["b"]);
      expect(await list([10, ["Retail"], 5])).toEqual(["c"]);
      expect(await list([10, [], 5])).toEqual([]);
      expect(await list([10, ["retail", "energy"], 1])).toEqual(["a"]);
      expect(await list([10, ["retail", "energy"], 5], "another")).toEqual([]);
      expect(await list([10, ["retail", "energy", "Retail"], 5])).toEqual(["a", "b", "c"]);
    }),
    fact("binds a parameter wherever its number stands, in any order and more than once", async (bench) => {
      const { storage } = await bench.open(sales, given);
      const query = {
        table: "accounts",
        columns: ["id"],
        where: {
          kind: "or",
          of: [
            { kind: "and", of: [compares("employees", "gte", 2), compares("employees", "lte", 2)] },
            compares("industry", "eq", 1),
          ],
        },
        orderBy: [{ column: "id", direction: "asc" }],
        limit: 0,
        include: [],
      } as const;
      expect(await storage.find(query, { tenantId: firstTenant, params: [5, "retail", 30] })).toEqual([["a"], ["c"]]);
      expect(await storage.find(query, { tenantId: firstTenant, params: [1, "retail", 30] })).toEqual([["a"]]);
    }),
    fact("passes over parameters that no condition names", async (bench) => {
      const { storage } = await bench.open(sales, given);
      const query = {
        table: "accounts",
        columns: ["name", "id"],
        where: { kind: "and", of: [always, compares("id", "eq", 1)] },
        orderBy: [],
        include: [],
      } as const;
      expect(await storage.find(query, { tenantId: firstTenant, params: ["unused", "b", 7] })).toEqual([["Beta", "b"]]);
    }),
  ],
};

function compares<Operator extends "eq" | "gte" | "lte">(column: string, operator: Operator, value: number) {
  return { kind: "compare", column, operator, value } as const;
}

function numbers(length: number): number[] {
  return Array.from({ length }, (_, number) => number + 1);
}

function nested(depth: number, condition: Condition): Condition {
  return depth === 0 ? condition : nested(depth - 1, not(condition));
}
