/** Two-valued logic: a comparison with null is false, and a negation is the exact complement. */
import { expect } from "vitest";
import { type Fact, fact, type Suite } from "../bench/fact.ts";
import {
  and,
  between,
  type Condition,
  contains,
  endsWith,
  eq,
  gt,
  gte,
  isIn,
  isNull,
  lt,
  lte,
  ne,
  not,
  or,
  startsWith,
} from "../question/condition.ts";
import { sales } from "../schema/sales.ts";

const given = {
  accounts: [
    { id: "empty", industry: "", employees: 0, revenue: 0n, active: false },
    { id: "full", industry: "retail", employees: 5, revenue: 5n, active: true },
    {
      id: "null",
      industry: null,
      employees: null,
      revenue: null,
      active: null,
      founded: null,
      seen: null,
      profile: null,
      code: null,
    },
  ],
};

const finds = (name: string, where: Condition, ids: readonly string[]): Fact =>
  fact(name, async (bench) => {
    const store = await bench.open(sales, given);
    expect(await store.list({ table: "accounts", where })).toEqual(ids);
  });

export const nullLogic: Suite = {
  name: "null logic",
  facts: [
    finds("treats a comparison with null as false", eq("industry", "retail"), ["full"]),
    finds("finds null among what differs", ne("industry", "retail"), ["empty", "null"]),
    finds("finds null outside of an equality", not(eq("industry", "retail")), ["empty", "null"]),
    finds("negates ne to equality", not(ne("industry", "retail")), ["full"]),
    finds("treats lt over null as false", lt("employees", 1), ["empty"]),
    finds("finds null outside of lt", not(lt("employees", 1)), ["full", "null"]),
    finds("treats lte over null as false", lte("employees", 0), ["empty"]),
    finds("finds null outside of lte", not(lte("employees", 0)), ["full", "null"]),
    finds("treats gt over null as false", gt("employees", -1), ["empty", "full"]),
    finds("finds null outside of gt", not(gt("employees", -1)), ["null"]),
    finds("treats gte over null as false", gte("revenue", 0n), ["empty", "full"]),
    finds("finds null outside of gte", not(gte("revenue", 0n)), ["null"]),
    finds("treats between over null as false", between("employees", -9, 9), ["empty", "full"]),
    finds("finds null outside of between", not(between("employees", 1, 9)), ["empty", "null"]),
    finds("treats membership of null as false", isIn("industry", ["", "retail"]), ["empty", "full"]),
    finds("finds null outside of a list", not(isIn("industry", ["retail"])), ["empty", "null"]),
    finds("treats contains over null as false", contains("industry", ""), ["empty", "full"]),
    finds("finds null outside of contains", not(contains("industry", "tail")), ["empty", "null"]),
    finds("finds null outside of startsWith", not(startsWith("industry", "re")), ["empty", "null"]),
    finds("finds null outside of endsWith", not(endsWith("industry", "il")), ["empty", "null"]),
    finds("tells null from the empty text, zero and false", isNull("industry"), ["null"]),
    finds("finds null numbers", isNull("employees"), ["null"]),
    finds("finds null booleans", isNull("active"), ["null"]),
    finds("finds null JSON", isNull("profile"), ["empty", "full", "null"]),
    finds("finds what is not null", not(isNull("industry")), ["empty", "full"]),
    finds("finds nothing null in a column that cannot be null", isNull("name"), []),
    finds("finds null booleans among what is not true", ne("active", true), ["empty", "null"]),
    finds("finds null booleans outside of false", not(eq("active", false)), ["full", "null"]),
    finds("keeps the complement through and", not(and(eq("industry", "retail"), gt("employees", 1))), [
      "empty",
      "null",
    ]),
    finds("keeps the complement through or", not(or(eq("industry", ""), eq("employees", 5))), ["null"]),
    finds("keeps the complement through two negations", not(not(eq("industry", "retail"))), ["full"]),
    finds(
      "keeps the complement through a deep mixture",
      not(or(and(ne("industry", ""), not(gt("employees", 1))), and(isNull("active"), eq("revenue", 5n)))),
      ["empty", "full"],
    ),
    fact("makes each condition and its negation share out all rows", async (bench) => {
      const store = await bench.open(sales, given);
      const conditions = [
        eq("employees", 5),
        lt("revenue", 3n),
        isIn("active", [true]),
        contains("industry", "r"),
        isNull("seen"),
      ];
      for (const where of conditions) {
        const held = await store.list({ table: "accounts", where });
        const rest = await store.list({ table: "accounts", where: not(where) });
        expect([...held, ...rest].sort()).toEqual(["empty", "full", "null"]);
      }
    }),
  ],
};
