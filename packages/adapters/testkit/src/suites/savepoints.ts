/** Parts of a unit that can be taken back on their own. */
import { expect } from "vitest";
import { fact, type Suite } from "../bench/fact.ts";
import { refused } from "../bench/refusal.ts";
import { sales } from "../schema/sales.ts";

const given = { accounts: [{ id: "a", name: "Acme" }] };
const accounts = { table: "accounts", columns: ["id", "name", "version"] };

export const savepoints: Suite = {
  name: "savepoints",
  facts: [
    fact("takes back what came after the savepoint, and keeps what came before", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      await unit.insert("accounts", [{ id: "b", name: "Beta" }]);
      const savepoint = await unit.savepoint();
      await unit.insert("accounts", [{ id: "c", name: "Core" }]);
      await unit.update("accounts", [{ id: "b", version: 1, name: "B" }]);
      await unit.delete("accounts", [{ id: "a", version: 1 }]);
      await savepoint.rollback();
      expect(await unit.find(accounts)).toEqual([
        ["a", "Acme", 1],
        ["b", "Beta", 1],
      ]);
      await unit.insert("accounts", [{ id: "d", name: "Dune" }]);
      await unit.commit();
      expect(await store.find(accounts)).toEqual([
        ["a", "Acme", 1],
        ["b", "Beta", 1],
        ["d", "Dune", 1],
      ]);
    }),
    fact("keeps what came after a savepoint that is released", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      const savepoint = await unit.savepoint();
      await unit.insert("accounts", [{ id: "b", name: "Beta" }]);
      await savepoint.release();
      await unit.commit();
      expect(await store.list({ table: "accounts" })).toEqual(["a", "b"]);
    }),
    fact("takes back a released savepoint with the unit", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      const savepoint = await unit.savepoint();
      await unit.update("accounts", [{ id: "a", version: 1, name: "A" }]);
      await savepoint.release();
      await unit.rollback();
      expect(await store.find(accounts)).toEqual([["a", "Acme", 1]]);
    }),
    fact("takes back a released savepoint with the one around it", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      const outer = await unit.savepoint();
      await unit.insert("accounts", [{ id: "b" }]);
      const inner = await unit.savepoint();
      await unit.insert("accounts", [{ id: "c" }]);
      await inner.release();
      expect(await unit.list({ table: "accounts" })).toEqual(["a", "b", "c"]);
      await outer.rollback();
      expect(await unit.list({ table: "accounts" })).toEqual(["a"]);
      await unit.commit();
      expect(await store.list({ table: "accounts" })).toEqual(["a"]);
    }),
    fact("takes back the inner of two savepoints only", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      const outer = await unit.savepoint();
      await unit.insert("accounts", [{ id: "b" }]);
      const inner = await unit.savepoint();
      await unit.insert("accounts", [{ id: "c" }]);
      await inner.rollback();
      await outer.release();
      await unit.commit();
      expect(await store.list({ table: "accounts" })).toEqual(["a", "b"]);
    }),
    fact("makes savepoints one after another, each taken back to its own state", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      for (const number of [1, 2, 3, 4]) {
        const savepoint = await unit.savepoint();
        await unit.insert("accounts", [{ id: `b${number}` }]);
        if (number % 2 === 0) await savepoint.rollback();
        else await savepoint.release();
      }
      await unit.commit();
      expect(await store.list({ table: "accounts" })).toEqual(["a", "b1", "b3"]);
    }),
    fact("nests 30 savepoints", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      const levels = [];
      for (let level = 0; level < 30; level += 1) {
        levels.push(await unit.savepoint());
        await unit.insert("accounts", [{ id: `b${String(level).padStart(2, "0")}` }]);
      }
      for (const [number, savepoint] of levels.reverse().entries())
        await (number < 25 ? savepoint.rollback() : savepoint.release());
      await unit.commit();
      expect(await store.list({ table: "accounts" })).toEqual(["a", "b00", "b01", "b02", "b03", "b04"]);
    }),
    fact("takes back a savepoint in which a write was refused", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      await unit.insert("accounts", [{ id: "b" }]);
      const savepoint = await unit.savepoint();
      await unit.insert("accounts", [{ id: "c" }]);
      expect(await refused(unit.insert("accounts", [{ id: "a" }]))).toEqual({
        code: "not_unique",
        entity: "account",
        field: "id",
      });
      await savepoint.rollback();
      await unit.commit();
      expect(await store.list({ table: "accounts" })).toEqual(["a", "b"]);
    }),
    fact("restores unique rules and references with the rows", async (bench) => {
      const store = await bench.open(sales, { accounts: [{ id: "a", domain: "acme.com" }] });
      const unit = await store.begin();
      const savepoint = await unit.savepoint();
      await unit.delete("accounts", [{ id: "a", version: 1 }]);
      await unit.insert("accounts", [{ id: "b", domain: "acme.com" }]);
      await savepoint.rollback();
      await unit.insert("deals", [{ id: "d", account_id: "a" }]);
      const { steps } = store;
      expect(await unit.refusal([steps.insert("accounts", [{ id: "b", domain: "acme.com" }])])).toMatchObject({
        code: "not_unique",
        field: "domain",
      });
      expect(await unit.refusal([steps.insert("deals", [{ id: "e", account_id: "b" }])])).toMatchObject({
        code: "reference_not_found",
      });
      await unit.commit();
      expect(await store.list({ table: "deals" })).toEqual(["d"]);
    }),
  ],
};
