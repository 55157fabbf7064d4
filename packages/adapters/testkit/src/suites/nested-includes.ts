/** Includes within includes, of the same table, and of many rows. */
import { expect } from "vitest";
import { fact, type Suite } from "../bench/fact.ts";
import { and, eq, not } from "../question/condition.ts";
import type { Inclusion } from "../question/question.ts";
import { sales } from "../schema/sales.ts";
import { account, deals, given, notes, owner } from "./include-fixture.ts";

export const nestedIncludes: Suite = {
  name: "nested includes",
  facts: [
    fact("nests includes three deep, each level with its own limit and order", async (bench) => {
      const store = await bench.open(sales, given);
      const inner = notes({ orderBy: ["position"], limit: 1, columns: ["body", "deal_id"], include: [] });
      const middle = deals({
        columns: ["id", "account_id", "owner_id"],
        orderBy: ["amount"],
        limit: 2,
        include: [inner, owner()],
      });
      expect(await store.find({ table: "accounts", include: [middle] })).toEqual([
        [
          "acme",
          [
            ["d3", "acme", null, [], null],
            ["d1", "acme", "ann", [["second", "d1"]], ["ann", "Ann"]],
          ],
        ],
        [
          "beta",
          [
            ["d4", "beta", "ann", [["third", "d4"]], ["ann", "Ann"]],
            ["d5", "beta", null, [], null],
          ],
        ],
        ["core", []],
      ]);
    }),
    fact("goes down from notes to deals to accounts to owners", async (bench) => {
      const store = await bench.open(sales, given);
      const accounts: Inclusion = {
        ...account,
        question: { table: "accounts", columns: ["id", "owner_id"], include: [owner()] },
      };
      const deal: Inclusion = {
        cardinality: "one",
        local: "deal_id",
        foreign: "id",
        question: { table: "deals", columns: ["id", "account_id"], include: [accounts] },
      };
      expect(
        await store.find({ table: "notes", columns: ["id", "deal_id"], where: not(eq("id", "n2")), include: [deal] }),
      ).toEqual([
        ["n1", "d1", ["d1", "acme", ["acme", "ann", ["ann", "Ann"]]]],
        ["n3", "d4", ["d4", "beta", ["beta", "bob", ["bob", "Bob"]]]],
      ]);
    }),
    fact("includes rows of the same table, upwards and downwards", async (bench) => {
      const store = await bench.open(sales, given);
      const parent: Inclusion = {
        cardinality: "one",
        local: "parent_id",
        foreign: "id",
        question: { table: "accounts", columns: ["name", "id"] },
      };
      const children: Inclusion = {
        cardinality: "many",
        local: "id",
        foreign: "parent_id",
        question: { table: "accounts", columns: ["id", "parent_id"], orderBy: ["-id"] },
      };
      expect(
        await store.find({ table: "accounts", columns: ["id", "parent_id"], include: [parent, children] }),
      ).toEqual([
        [
          "acme",
          null,
          null,
          [
            ["core", "acme"],
            ["beta", "acme"],
          ],
        ],
        ["beta", "acme", ["Acme", "acme"], []],
        ["core", "acme", ["Acme", "acme"], []],
      ]);
    }),
    fact("returns every kind of value in included rows as in others", async (bench) => {
      const values = {
        id: "x",
        name: '🚀"',
        revenue: -9_223_372_036_854_775_808n,
        employees: -9_007_199_254_740_991,
        active: false,
        founded: "2024-02-29",
        seen: -1,
        profile: '{"a":[1,"\\u0041"]}',
        code: "0000000a-0000-4000-8000-000000000000",
        parent_id: "x",
      };
      const store = await bench.open(sales, { accounts: [values] });
      const columns = [
        "id",
        "name",
        "revenue",
        "employees",
        "active",
        "founded",
        "seen",
        "profile",
        "code",
        "parent_id",
        "industry",
      ];
      const row = [...Object.values(values), null];
      const parent: Inclusion = {
        cardinality: "one",
        local: "parent_id",
        foreign: "id",
        question: { table: "accounts", columns },
      };
      const children: Inclusion = {
        cardinality: "many",
        local: "id",
        foreign: "parent_id",
        question: { table: "accounts", columns },
      };
      expect(await store.find({ table: "accounts", columns, include: [parent, children] })).toEqual([
        [...row, row, [row]],
      ]);
    }),
    fact("loads 3,000 parents with their related rows", async (bench) => {
      const accounts = Array.from({ length: 3_000 }, (_, number) => ({ id: `a${String(number).padStart(4, "0")}` }));
      const store = await bench.open(sales, {
        accounts,
        deals: accounts.flatMap(({ id }) => [
          { id: `${id}-1`, account_id: id, amount: 1n },
          { id: `${id}-2`, account_id: id, amount: 2n },
        ]),
      });
      const rows = await store.find({
        table: "accounts",
        include: [deals({ orderBy: ["-amount"], limit: 1, where: and() })],
      });
      expect(rows).toEqual(accounts.map(({ id }) => [id, [[`${id}-2`, id]]]));
    }),
  ],
};
