/** Names that one transaction holds at a time, and what transactions are begun with. */
import type { LockMode, WriteStep } from "@relata/core/adapter";
import { expect } from "vitest";
import { fact, type Suite } from "../bench/fact.ts";
import { pause } from "../bench/pause.ts";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { firstTenant, type Store, type Unit } from "../bench/store.ts";
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
    fact("of a write are had before its first step, which sees what was committed until then", async (bench) => {
      const store = await bench.open(sales, given);
      if (store.storage.capabilities.unitsInTurn) return;
      const insert = store.steps.insert("accounts", [{ id: "c" }]);
      const update = store.steps.update("accounts", [{ id: "a", version: 1, name: "Apex" }]);
      for (const [number, steps] of [[insert], [insert, update]].entries()) {
        const id = `b${number}`;
        const unit = await store.begin();
        await unit.lock(["counting"]);
        const details = refusedDetails(
          store.write([forbidden(id), ...steps], firstTenant, [{ names: ["counting"], mode: "shared" }]),
        );
        await pause(20);
        await unit.insert("accounts", [{ id }]);
        await unit.commit();
        expect(await details).toMatchObject({ ids: [id], reason: "taken" });
      }
      expect(await store.list(accounts)).toEqual(["a", "b0", "b1"]);
    }),
    fact("of a write end with it, or with its transaction", async (bench) => {
      const store = await bench.open(sales, given);
      if (store.storage.capabilities.unitsInTurn) return;
      const counting = { names: ["counting"], mode: "exclusive" } as const;
      await store.write([store.steps.insert("accounts", [{ id: "c" }])], firstTenant, [counting]);
      await refused(store.write([forbidden("a")], firstTenant, [counting]));
      await refused(store.write([store.steps.insert("accounts", [{ id: "c" }])], firstTenant, [counting]));
      const unit = await store.begin();
      await unit.write([], firstTenant, [counting]);
      const next = countInUnit(store);
      await pause(20);
      await unit.write([store.steps.insert("accounts", [{ id: "b" }])], firstTenant, [counting]);
      await unit.commit();
      expect(await next).toBe(3);
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

function forbidden(id: string): WriteStep {
  const where = { kind: "compare", column: "id", operator: "eq", value: 0 } as const;
  return { kind: "forbid", table: "accounts", where, params: [id], reason: "taken" };
}

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
