/** Units of work: what they read, and what they leave. */
import { expect } from "vitest";
import { fact, type Suite } from "../bench/fact.ts";
import { refused } from "../bench/refusal.ts";
import { eq } from "../question/condition.ts";
import { join, sales } from "../schema/sales.ts";

const given = {
  accounts: [
    { id: "a", name: "Acme", employees: 1 },
    { id: "b", name: "Beta", employees: 2 },
  ],
};
const accounts = { table: "accounts", columns: ["id", "name", "version"] };

export const transactions: Suite = {
  name: "transactions",
  facts: [
    fact("keeps what a unit has committed", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      await unit.insert("accounts", [{ id: "c", name: "Core" }]);
      await unit.update("accounts", [{ id: "a", version: 1, name: "A" }]);
      await unit.delete("accounts", [{ id: "b", version: 1 }]);
      await unit.commit();
      expect(await store.find(accounts)).toEqual([
        ["a", "A", 2],
        ["c", "Core", 1],
      ]);
    }),
    fact("keeps nothing of a unit that was rolled back", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      await unit.insert("accounts", [{ id: "c", name: "Core" }]);
      await unit.update("accounts", [{ id: "a", version: 1, name: "A" }]);
      await unit.delete("accounts", [{ id: "b", version: 1 }]);
      await unit.rollback();
      expect(await store.find(accounts)).toEqual([
        ["a", "Acme", 1],
        ["b", "Beta", 1],
      ]);
    }),
    fact("rolls back many changes of one row to the first state", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      for (const version of [1, 2, 3]) await unit.update("accounts", [{ id: "a", version, name: `A${version}` }]);
      await unit.delete("accounts", [{ id: "a", version: 4 }]);
      await unit.insert("accounts", [{ id: "a", name: "Again" }]);
      await unit.rollback();
      expect(await store.find(accounts)).toEqual([
        ["a", "Acme", 1],
        ["b", "Beta", 1],
      ]);
      expect(await store.list({ table: "accounts", where: eq("name", "Acme") })).toEqual(["a"]);
    }),
    fact("reads its own writes in find, relations, includes and aggregates", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      await unit.insert("accounts", [{ id: "c", name: "Core", parent_id: "a" }]);
      const children = {
        cardinality: "many",
        local: "id",
        foreign: "parent_id",
        question: { table: "accounts", columns: ["id", "parent_id"] },
      } as const;
      expect(await unit.find({ table: "accounts", where: eq("id", "a"), include: [children] })).toEqual([
        ["a", [["c", "a"]]],
      ]);
      const where = { kind: "relation", quantifier: "some", ...join.accountParent, where: eq("id", "a") } as const;
      expect(await unit.list({ table: "accounts", where })).toEqual(["c"]);
      const byParent = [{ path: [join.accountParent], column: "name" }];
      expect(
        await unit.aggregate({ table: "accounts", where, groupBy: byParent, measures: [{ kind: "rows" }] }),
      ).toEqual([["Acme", 1]]);
      await unit.delete("accounts", [{ id: "c", version: 1 }]);
      expect(await unit.list({ table: "accounts" })).toEqual(["a", "b"]);
      await unit.commit();
    }),
    fact("goes on from the savepoint around a refused write, and keeps nothing of that write", async (bench) => {
      const store = await bench.open(sales, { ...given, deals: [{ id: "d", account_id: "b" }] });
      const unit = await store.begin();
      const { steps } = store;
      await unit.insert("accounts", [{ id: "c", name: "Core" }]);
      const half = steps.insert("accounts", [{ id: "half", name: "Half" }]);
      const refusals = [
        await unit.refusal([half, steps.insert("accounts", [{ id: "a" }])]),
        await unit.refusal([half, steps.insert("deals", [{ id: "e", account_id: "z" }])]),
        await unit.refusal([half, steps.insert("accounts", [{ id: "x", name: null }])]),
        await unit.refusal([half, steps.insert("deals", [{ id: "e", account_id: "a", status: "x" }])]),
        await unit.refusal([half, steps.update("accounts", [{ id: "a", version: 7, name: "x" }])]),
        await unit.refusal([half, steps.delete("accounts", [{ id: "b", version: 1 }])]),
      ];
      expect(refusals.map((refusal) => refusal.code)).toEqual([
        "not_unique",
        "reference_not_found",
        "value_refused",
        "value_refused",
        "guard_failed",
        "still_referenced",
      ]);
      expect(await unit.list({ table: "accounts" })).toEqual(["a", "b", "c"]);
      await unit.update("accounts", [{ id: "c", version: 1, name: "Core 2" }]);
      await unit.commit();
      expect(await store.find(accounts)).toEqual([
        ["a", "Acme", 1],
        ["b", "Beta", 1],
        ["c", "Core 2", 2],
      ]);
    }),
    fact("rolls back after a refused write", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      await unit.insert("accounts", [{ id: "c" }]);
      await refused(unit.insert("accounts", [{ id: "a" }]));
      await unit.rollback();
      expect(await store.list({ table: "accounts" })).toEqual(["a", "b"]);
    }),
    fact("begins again after a commit and after a rollback", async (bench) => {
      const store = await bench.open(sales, given);
      for (const [number, end] of (["commit", "rollback", "commit", "commit"] as const).entries()) {
        const unit = await store.begin();
        await unit.insert("accounts", [{ id: `c${number}` }]);
        await unit[end]();
      }
      expect(await store.list({ table: "accounts" })).toEqual(["a", "b", "c0", "c2", "c3"]);
    }),
    fact("ends units that have written nothing, or done nothing at all", async (bench) => {
      const store = await bench.open(sales, given);
      for (const end of ["commit", "rollback"] as const) {
        const idle = await store.begin();
        await idle[end]();
        const reading = await store.begin();
        expect(await reading.list({ table: "accounts" })).toEqual(["a", "b"]);
        await reading[end]();
      }
      await store.insert("accounts", [{ id: "c" }]);
      expect(await store.list({ table: "accounts" })).toEqual(["a", "b", "c"]);
    }),
    fact("inserts a row again that the same unit has deleted", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      await unit.delete("accounts", [{ id: "a", version: 1 }]);
      await unit.insert("accounts", [{ id: "a", name: "Again" }]);
      await unit.commit();
      expect(await store.find({ ...accounts, limit: 1 })).toEqual([["a", "Again", 1]]);
    }),
  ],
};
