/** Two tenants with the same ids in one database never meet. */
import { expect } from "vitest";
import type { Bench } from "../bench/bench.ts";
import { fact, type Suite } from "../bench/fact.ts";
import { refused } from "../bench/refusal.ts";
import { type Given, secondTenant } from "../bench/store.ts";
import { contains, eq, every, isIn, none, not, or, some } from "../question/condition.ts";
import { join, sales } from "../schema/sales.ts";

const first: Given = {
  users: [{ id: "u", name: "Ann" }],
  accounts: [{ id: "a", name: "First", domain: "same.com", employees: 1, owner_id: "u" }],
  deals: [{ id: "d", name: "Deal", account_id: "a", amount: 1n, close_date: "2024-01-01" }],
};
const second: Given = {
  users: [{ id: "u", name: "Bob" }],
  accounts: [
    { id: "a", name: "Second", domain: "same.com", employees: 10, owner_id: "u" },
    { id: "b", name: "Secret", employees: 20, parent_id: "a" },
  ],
  deals: [
    { id: "d", name: "Deal", account_id: "b", amount: 10n, close_date: "2024-02-01" },
    { id: "e", name: "Hidden", account_id: "a", amount: 20n, close_date: "2024-03-01" },
  ],
};

async function open(bench: Bench) {
  const store = await bench.open(sales, first);
  for (const [table, rows] of Object.entries(second)) await store.insert(table, rows, secondTenant);
  return store;
}

export const tenants: Suite = {
  name: "tenants",
  facts: [
    fact("finds the rows of its tenant only", async (bench) => {
      const store = await open(bench);
      expect(await store.find({ table: "accounts", columns: ["id", "name"] })).toEqual([["a", "First"]]);
      expect(await store.find({ table: "accounts", columns: ["id", "name"] }, secondTenant)).toEqual([
        ["a", "Second"],
        ["b", "Secret"],
      ]);
      expect(await store.find({ table: "accounts" }, "tenant-3")).toEqual([]);
    }),
    fact("finds no rows of others through or, not and empty conditions", async (bench) => {
      const store = await open(bench);
      expect(await store.list({ table: "accounts", where: or(eq("name", "Secret"), eq("name", "First")) })).toEqual([
        "a",
      ]);
      expect(await store.list({ table: "accounts", where: not(eq("name", "First")) })).toEqual([]);
      expect(await store.list({ table: "accounts", where: not(or()) })).toEqual(["a"]);
      expect(await store.list({ table: "accounts", where: isIn("id", ["a", "b"]) })).toEqual(["a"]);
      expect(await store.list({ table: "accounts", where: contains("name", "Sec") })).toEqual([]);
      expect(await store.list({ table: "accounts", where: eq("tenant_id", secondTenant) })).toEqual([]);
    }),
    fact("follows relations within its tenant only", async (bench) => {
      const store = await open(bench);
      expect(await store.list({ table: "accounts", where: some(join.accountDeals, eq("name", "Hidden")) })).toEqual([]);
      expect(await store.list({ table: "accounts", where: none(join.accountChildren) })).toEqual(["a"]);
      expect(await store.list({ table: "accounts", where: every(join.accountDeals, eq("amount", 1n)) })).toEqual(["a"]);
      expect(
        await store.list({ table: "deals", where: some(join.dealAccount, some(join.accountOwner, eq("name", "Bob"))) }),
      ).toEqual([]);
      expect(
        await store.list(
          { table: "deals", where: some(join.dealAccount, some(join.accountOwner, eq("name", "Bob"))) },
          secondTenant,
        ),
      ).toEqual(["e"]);
    }),
    fact("includes rows of its tenant only", async (bench) => {
      const store = await open(bench);
      const owner = {
        cardinality: "one",
        local: "owner_id",
        foreign: "id",
        question: { table: "users", columns: ["id", "name"] },
      } as const;
      const deals = {
        cardinality: "many",
        local: "id",
        foreign: "account_id",
        question: { table: "deals", columns: ["id", "account_id", "amount"] },
      } as const;
      const question = { table: "accounts", columns: ["id", "owner_id"], include: [owner, deals] };
      expect(await store.find(question)).toEqual([["a", "u", ["u", "Ann"], [["d", "a", 1n]]]]);
      expect(await store.find(question, secondTenant)).toEqual([
        ["a", "u", ["u", "Bob"], [["e", "a", 20n]]],
        ["b", null, null, [["d", "b", 10n]]],
      ]);
    }),
    fact("aggregates, and joins for it, within its tenant only", async (bench) => {
      const store = await open(bench);
      const measures = [{ kind: "rows" }, { kind: "sum", column: "amount" }, { kind: "max", column: "name" }] as const;
      const groupBy = [{ path: [join.dealAccount, join.accountOwner], column: "name" }];
      expect(await store.aggregate({ table: "deals", groupBy, measures })).toEqual([["Ann", 1, 1n, "Deal"]]);
      expect(await store.aggregate({ table: "deals", measures }, secondTenant)).toEqual([[2, 30n, "Hidden"]]);
      expect(await store.aggregate({ table: "deals", measures }, "tenant-3")).toEqual([[0, null, null]]);
    }),
    fact("walks pages within its tenant only", async (bench) => {
      const store = await open(bench);
      expect(await store.list({ table: "accounts", orderBy: ["employees"], after: [0, ""] })).toEqual(["a"]);
      expect(await store.list({ table: "accounts", orderBy: ["-employees"], after: [1, "a"] })).toEqual([]);
      expect(await store.list({ table: "accounts", orderBy: ["-parent_id"], after: [null, "a"] })).toEqual([]);
    }),
    fact("updates the row of its tenant only", async (bench) => {
      const store = await open(bench);
      await store.update("accounts", [{ id: "a", version: 1, name: "Changed" }]);
      expect(await store.find({ table: "accounts", columns: ["name", "version"] }, secondTenant)).toEqual([
        ["Second", 1],
        ["Secret", 1],
      ]);
      expect(await refused(store.update("accounts", [{ id: "b", version: 1, name: "Stolen" }]))).toEqual({
        code: "guard_failed",
        entity: "account",
      });
      expect(await store.list({ table: "accounts", columns: ["name"] }, secondTenant)).toEqual(["Second", "Secret"]);
    }),
    fact("deletes the row of its tenant only", async (bench) => {
      const store = await open(bench);
      await store.delete("deals", [{ id: "d", version: 1 }]);
      expect(await store.list({ table: "deals" }, secondTenant)).toEqual(["d", "e"]);
      expect(await refused(store.delete("deals", [{ id: "e", version: 1 }]))).toEqual({
        code: "guard_failed",
        entity: "deal",
      });
      expect(await store.list({ table: "deals" }, secondTenant)).toEqual(["d", "e"]);
    }),
    fact("answers for a row of another tenant exactly as for one that is nowhere", async (bench) => {
      const store = await open(bench);
      const foreign = await refused(store.update("accounts", [{ id: "b", version: 1, name: "x" }]));
      const absent = await refused(store.update("accounts", [{ id: "zz", version: 1, name: "x" }]));
      expect(foreign).toEqual(absent);
      const toForeign = await refused(store.insert("deals", [{ id: "x", account_id: "b" }]));
      const toAbsent = await refused(store.insert("deals", [{ id: "x", account_id: "zz" }]));
      expect(toForeign).toEqual(toAbsent);
    }),
    fact("keeps unique rules and ids within each tenant", async (bench) => {
      const store = await open(bench);
      await store.insert("accounts", [{ id: "b", domain: "other.com" }]);
      const same = { code: "not_unique", entity: "account", field: "domain" };
      expect(await refused(store.insert("accounts", [{ id: "x", domain: "same.com" }]))).toEqual(same);
      await store.insert("accounts", [{ id: "x", domain: "other.com" }], secondTenant);
    }),
    fact("refuses references to rows of another tenant", async (bench) => {
      const store = await open(bench);
      const refusal = { code: "reference_not_found", entity: "deal", field: "accountId" };
      expect(await refused(store.insert("deals", [{ id: "x", account_id: "b" }]))).toEqual(refusal);
      expect(await refused(store.update("deals", [{ id: "d", version: 1, account_id: "b" }]))).toEqual(refusal);
    }),
    fact("deletes a row although the row with its id of another tenant is referred to", async (bench) => {
      const store = await open(bench);
      await store.delete("deals", [{ id: "d", version: 1 }]);
      await store.delete("accounts", [{ id: "a", version: 1 }]);
      expect(await store.list({ table: "accounts" })).toEqual([]);
      expect(await store.list({ table: "accounts" }, secondTenant)).toEqual(["a", "b"]);
    }),
    fact("keeps tenants apart within one unit", async (bench) => {
      const store = await open(bench);
      const unit = await store.begin();
      await unit.update("accounts", [{ id: "a", version: 1, name: "One" }]);
      await unit.update("accounts", [{ id: "a", version: 1, name: "Two" }], secondTenant);
      expect(await unit.list({ table: "accounts", columns: ["name"] })).toEqual(["One"]);
      expect(await unit.list({ table: "accounts", columns: ["name"], limit: 1 }, secondTenant)).toEqual(["Two"]);
      await unit.commit();
    }),
    fact("tells apart tenants whose names differ in case, spaces or quotes", async (bench) => {
      const store = await bench.open(sales);
      const names = ["t", "T", "t ", "t'", 't"', "%", "_", "\u00e9", "e\u0301", "🚀"];
      for (const [number, tenant] of names.entries())
        await store.insert("users", [{ id: "u", name: `User ${number}` }], tenant);
      for (const [number, tenant] of names.entries()) {
        expect(await store.list({ table: "users", columns: ["name"] }, tenant)).toEqual([`User ${number}`]);
      }
    }),
  ],
};
