/** Names that one transaction holds at a time, and what transactions are begun with. */
import type { LockMode } from "@relata/core/adapter";
import { expect } from "vitest";
import { fact, type Suite } from "../bench/fact.ts";
import { pause } from "../bench/pause.ts";
import { refused } from "../bench/refusal.ts";
import type { Store, Unit } from "../bench/store.ts";
import { sales } from "../schema/sales.ts";

const given = { accounts: [{ id: "a", name: "Acme" }] };
const accounts = { table: "accounts" };
const attempts = Array.from({ length: 10 }, (_, number) => number);

export const locks: Suite = {
  name: "locks",
  facts: [
    fact("let one transaction at a time hold a name, and show the next what it has committed", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      await unit.lock(["counting"]);
      await expectAlone(store, unit);
    }),
    fact("keep out who wants a name alone while it is shared, and the other way round", async (bench) => {
      const store = await bench.open(sales, given);
      for (const [number, mode] of (["shared", "exclusive"] as const).entries()) {
        const unit = await store.begin();
        await unit.lock(["counting"], { mode });
        const next = countInUnit(store, mode === "shared" ? "exclusive" : "shared");
        await pause(20);
        await unit.insert("accounts", [{ id: `b${number}` }]);
        await unit.commit();
        expect(await next).toBe(2 + number);
      }
    }),
    fact("are held until the transaction ends, also when a savepoint made after is undone", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      await unit.lock(["counting"]);
      const savepoint = await unit.savepoint();
      await unit.lock(["more"]);
      await savepoint.rollback();
      await expectAlone(store, unit);
    }),
    fact("are taken again by a transaction that has undone the savepoint in which it took them", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      const savepoint = await unit.savepoint();
      await unit.lock(["counting"]);
      await savepoint.rollback();
      await unit.lock(["counting"]);
      await expectAlone(store, unit);
    }),
    fact("end with a transaction that is rolled back", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      await unit.lock(["counting"]);
      await unit.insert("accounts", [{ id: "b" }]);
      await unit.rollback();
      expect(await countInUnit(store)).toBe(1);
    }),
    fact("are taken again by the transaction that holds them, and no name is too odd", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      for (const names of [["counting"], ["counting", "counting"], ["", "it's \u00e9 🚀", "x".repeat(500)], []]) {
        await unit.lock(names);
      }
      await unit.lock(["counting"], { tenantId: "tenant-2" });
      await unit.lock(["counting", "shared"], { mode: "shared" });
      await unit.lock(["shared"]);
      expect(await unit.list(accounts)).toEqual(["a"]);
      await unit.commit();
    }),
    fact("let one of 10 transactions through that insert a row when there is none", async (bench) => {
      const store = await bench.open(sales);
      const insertFirst = async (number: number) => {
        const unit = await store.begin();
        await unit.lock(["first account"]);
        if ((await unit.list(accounts)).length === 0) await unit.insert("accounts", [{ id: `a${number}` }]);
        await unit.commit();
      };
      await Promise.all(attempts.map(insertFirst));
      expect(await store.list(accounts)).toHaveLength(1);
    }),
    fact("are refused when the transaction has ended", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      await unit.commit();
      expect(await refused(unit.lock(["counting"]))).toEqual({ code: "unit_closed" });
    }),
    fact(
      "leave transactions of every isolation, with limits and without, to commit and to roll back",
      async (bench) => {
        const store = await bench.open(sales, given);
        const limits = { statementTimeoutMs: 10_000, lockTimeoutMs: 5_000, idleTimeoutMs: 20_000 };
        for (const isolation of ["read committed", "repeatable read", "serializable"] as const) {
          for (const options of [{ isolation }, { isolation, ...limits }]) {
            const kept = await store.begin(options);
            const [row] = await kept.find({ table: "accounts", columns: ["version"] });
            await kept.update("accounts", [{ id: "a", version: Number(row?.[0]), name: isolation }]);
            await kept.commit();
            const lost = await store.begin(options);
            await lost.insert("accounts", [{ id: "b" }]);
            await lost.rollback();
          }
        }
        expect(await store.find({ table: "accounts", columns: ["id", "name", "version"] })).toEqual([
          ["a", "serializable", 7],
        ]);
      },
    ),
  ],
};

/** Whoever wants the name that the unit holds waits for its commit, and sees what it has written. */
async function expectAlone(store: Store, unit: Unit): Promise<void> {
  const next = countInUnit(store);
  await pause(20);
  await unit.insert("accounts", [{ id: "b" }]);
  await unit.commit();
  expect(await next).toBe(2);
}

/** How many accounts a transaction sees that has waited for the name. */
async function countInUnit(store: Store, mode?: LockMode): Promise<number> {
  const unit = await store.begin();
  await unit.lock(["counting"], mode === undefined ? {} : { mode });
  const { length } = await unit.list(accounts);
  await unit.commit();
  return length;
}
