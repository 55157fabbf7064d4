/** Conditions on where a row stands in a tree. */
import type { Lineage } from "@relata/core/adapter";
import { expect } from "vitest";
import { fact, type Suite } from "../bench/fact.ts";
import { firstTenant, secondTenant } from "../bench/store.ts";
import { and, type Condition, eq, not, or, some, tree } from "../question/condition.ts";
import { join, sales } from "../schema/sales.ts";
import { findsIn } from "./finds-in.ts";

/** acme > beta > dune, acme > core; elm alone; fig and gum in a circle. */
const given = {
  accounts: [
    { id: "acme", name: "Acme" },
    { id: "beta", name: "Beta", parent_id: "acme" },
    { id: "core", name: "Core", parent_id: "acme" },
    { id: "dune", name: "Dune", parent_id: "beta" },
    { id: "elm", name: "Elm" },
    { id: "fig", name: "Fig", parent_id: "gum" },
    { id: "gum", name: "Gum", parent_id: "fig" },
    { id: "hay", name: "Hay", parent_id: "fig" },
    { id: "ivy", name: "Ivy", parent_id: "ivy" },
  ],
  deals: [
    { id: "d1", account_id: "acme", amount: 1n },
    { id: "d2", account_id: "beta", amount: 2n },
    { id: "d3", account_id: "dune", amount: 4n },
    { id: "d4", account_id: "elm", amount: 8n },
  ],
};

const lineage = (relation: Lineage["relation"], self: boolean): Lineage => {
  return { table: "accounts", parent: "parent_id", relation, self };
};
const under = (root: string, column = "id") => tree(column, root, lineage("descendants", false));
const atOrUnder = (root: string, column = "id") => tree(column, root, lineage("descendants", true));
const above = (root: string, column = "id") => tree(column, root, lineage("ancestors", false));
const atOrAbove = (root: string, column = "id") => tree(column, root, lineage("ancestors", true));

const inAccounts = findsIn("accounts", given);
const inDeals = findsIn("deals", given);

export const trees: Suite = {
  name: "trees",
  facts: [
    inAccounts("finds what is under a row, at every depth", under("acme"), ["beta", "core", "dune"]),
    inAccounts("finds the row itself only when asked", atOrUnder("acme"), ["acme", "beta", "core", "dune"]),
    inAccounts("finds nothing under a leaf", under("dune"), []),
    inAccounts("finds a leaf at or under itself", atOrUnder("dune"), ["dune"]),
    inAccounts("finds what is above a row, to the top", above("dune"), ["acme", "beta"]),
    inAccounts("finds the row itself among what is above only when asked", atOrAbove("dune"), ["acme", "beta", "dune"]),
    inAccounts("finds nothing above a top", above("acme"), []),
    inAccounts("finds nothing under or above what does not exist", or(atOrUnder("nix"), atOrAbove("nix")), []),
    inAccounts("comes to an end in a circle, and does not put a row under itself", under("fig"), ["gum", "hay"]),
    inAccounts("takes the root of a circle in when asked", atOrUnder("fig"), ["fig", "gum", "hay"]),
    inAccounts("comes to an end above a circle", above("hay"), ["fig", "gum"]),
    inAccounts("comes to an end in a row that is its own parent", or(under("ivy"), above("ivy")), []),
    inAccounts("gives the complement by not", not(atOrUnder("acme")), ["elm", "fig", "gum", "hay", "ivy"]),
    inAccounts("compares any column that has ids of the tree", under("acme", "parent_id"), ["dune"]),
    inAccounts("counts null as outside, and as inside the complement", not(atOrUnder("acme", "parent_id")), [
      "acme",
      "elm",
      "fig",
      "gum",
      "hay",
      "ivy",
    ]),
    inAccounts("tells two roots of one shape apart", and(under("acme"), not(atOrUnder("beta"))), ["core"]),
    inDeals("follows a reference to the tree", atOrUnder("acme", "account_id"), ["d1", "d2", "d3"]),
    inDeals("combines with other conditions", and(under("acme", "account_id"), not(eq("id", "d3"))), ["d2"]),
    inDeals("stands inside of a relation", some(join.dealAccount, under("acme")), ["d2", "d3"]),
    inDeals("finds rows whose reference is above", atOrAbove("dune", "account_id"), ["d1", "d2", "d3"]),
    fact("sums what is in a subtree", async (bench) => {
      const store = await bench.open(sales, given);
      const total = (root: string) =>
        store.aggregate({
          table: "deals",
          where: atOrUnder(root, "account_id"),
          groupBy: [],
          measures: [{ kind: "sum", column: "amount" }],
        });
      expect([await total("acme"), await total("beta"), await total("core")]).toEqual([[[7n]], [[6n]], [[null]]]);
    }),
    fact("stands in the conditions of an include", async (bench) => {
      const store = await bench.open(sales, given);
      const rows = await store.find({
        table: "accounts",
        columns: ["id"],
        where: atOrUnder("beta"),
        include: [
          {
            cardinality: "many",
            local: "id",
            foreign: "account_id",
            question: { table: "deals", columns: ["id", "account_id"], where: under("beta", "account_id") },
          },
        ],
      });
      expect(rows).toEqual([
        ["beta", []],
        ["dune", [["d3", "dune"]]],
      ]);
    }),
    fact("keeps tenants apart, at the root and at every row", async (bench) => {
      const store = await bench.open(sales, given);
      await store.insert(
        "accounts",
        [
          { id: "zoo", name: "Zoo" },
          { id: "dune", name: "Dune", parent_id: "zoo" },
          { id: "yew", name: "Yew", parent_id: "dune" },
        ],
        secondTenant,
      );
      const list = (where: Condition, tenant: string) => store.list({ table: "accounts", where }, tenant);
      expect(await list(atOrUnder("acme"), secondTenant)).toEqual([]);
      expect(await list(atOrUnder("dune"), secondTenant)).toEqual(["dune", "yew"]);
      expect(await list(atOrUnder("dune"), firstTenant)).toEqual(["dune"]);
      expect(await list(above("dune"), secondTenant)).toEqual(["zoo"]);
    }),
    fact("goes a thousand levels deep", async (bench) => {
      const names = Array.from({ length: 1_000 }, (_, i) => `a${String(i).padStart(3, "0")}`);
      const rows = names.map((id, i) => ({ id, name: id, parent_id: names[i - 1] ?? null }));
      const store = await bench.open(sales, { accounts: rows });
      expect(await store.list({ table: "accounts", where: under("a000") })).toHaveLength(999);
      expect(await store.list({ table: "accounts", where: above("a999") })).toHaveLength(999);
    }),
  ],
};
