/** Outsiders and units beside one another. */
import type { Row } from "@relata/core/adapter";
import { CrmError } from "@relata/core/adapter";
import { expect } from "vitest";
import { fact, type Suite } from "../bench/fact.ts";
import { pause } from "../bench/pause.ts";
import { failure, refused } from "../bench/refusal.ts";
import type { Store, Unit } from "../bench/store.ts";
import { sales } from "../schema/sales.ts";

const given = { accounts: [{ id: "a", name: "Acme", employees: 0 }] };
const counter = { table: "accounts", columns: ["employees", "version"] };
const attempts = Array.from({ length: 20 }, (_, number) => number);

export const isolation: Suite = {
  name: "isolation",
  facts: [
    fact("never shows an outsider rows of a unit that is rolled back", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      await unit.insert("accounts", [{ id: "ghost", name: "Ghost", employees: 100 }]);
      await unit.update("accounts", [{ id: "a", version: 1, name: "Ghost", employees: 100 }]);
      const found = store.find({ table: "accounts", columns: ["id", "name"] });
      const summed = store.aggregate({ table: "accounts", measures: [{ kind: "sum", column: "employees" }] });
      await pause(20);
      await unit.rollback();
      expect(await found).toEqual([["a", "Acme"]]);
      expect(await summed).toEqual([[0n]]);
    }),
    fact("never shows an outsider a part of a unit that is committed", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      const seen: Promise<readonly unknown[]>[] = [];
      for (const id of ["b", "c", "d"]) {
        await unit.insert("accounts", [{ id }]);
        seen.push(store.list({ table: "accounts" }));
        await pause(5);
      }
      await unit.commit();
      for (const ids of await Promise.all(seen)) expect([["a"], ["a", "b", "c", "d"]]).toContainEqual(ids);
      expect(await store.list({ table: "accounts" })).toEqual(["a", "b", "c", "d"]);
    }),
    fact("shows an outsider what was committed before the call", async (bench) => {
      const store = await bench.open(sales, given);
      for (const number of [1, 2, 3, 4, 5]) {
        const unit = await store.begin();
        await unit.update("accounts", [{ id: "a", version: number, employees: number }]);
        await unit.commit();
        expect(await store.find(counter)).toEqual([[number, number + 1]]);
      }
    }),
    fact("does not lose an outsider's write with the rollback of a unit", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      await unit.insert("accounts", [{ id: "inside" }]);
      const outside = store.insert("accounts", [{ id: "outside" }]);
      await pause(20);
      await unit.insert("accounts", [{ id: "inside-too" }]);
      await unit.rollback();
      await outside;
      expect(await store.list({ table: "accounts" })).toEqual(["a", "outside"]);
    }),
    fact("does not lose an outsider's write with the rollback of a savepoint", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      const savepoint = await unit.savepoint();
      const outside = store.insert("accounts", [{ id: "outside" }]);
      await unit.insert("accounts", [{ id: "inside" }]);
      await savepoint.rollback();
      await unit.commit();
      await outside;
      expect(await store.list({ table: "accounts" })).toEqual(["a", "outside"]);
    }),
    fact("does not show an outsider's refused write to a unit", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      await unit.insert("accounts", [{ id: "b" }]);
      const outside = refused(
        store.write([store.steps.insert("accounts", [{ id: "x" }]), store.steps.insert("accounts", [{ id: "a" }])]),
      );
      expect(await unit.list({ table: "accounts" })).toEqual(["a", "b"]);
      await unit.commit();
      expect(await outside).toMatchObject({ code: "not_unique" });
      expect(await store.list({ table: "accounts" })).toEqual(["a", "b"]);
    }),
    fact("lets a unit read the same rows twice while others write", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      await unit.update("accounts", [{ id: "a", version: 1, employees: 1 }]);
      const before = await unit.find(counter);
      const outside = inUnits(store, increment);
      await pause(10);
      expect(await unit.find(counter)).toEqual(before);
      await unit.commit();
      await outside;
      expect(await store.find(counter)).toEqual([[2, 3]]);
    }),
    fact("loses no update of 20 concurrent units that read and then write", async (bench) => {
      const store = await bench.open(sales, given);
      await Promise.all(attempts.map(() => inUnits(store, increment)));
      expect(await store.find(counter)).toEqual([[20, 21]]);
    }),
    fact("loses no update of 20 concurrent units of which half roll back", async (bench) => {
      const store = await bench.open(sales, given);
      const takeBack = async () => {
        const unit = await store.begin();
        await increment(unit).catch(ignoreConflict);
        await unit.rollback();
      };
      await Promise.all(attempts.map((number) => (number % 2 === 0 ? inUnits(store, increment) : takeBack())));
      expect(await store.find(counter)).toEqual([[10, 11]]);
    }),
    fact("lets one of 20 concurrent writes with one version through", async (bench) => {
      const store = await bench.open(sales, given);
      const writes = attempts.map((number) => store.update("accounts", [{ id: "a", version: 1, employees: number }]));
      const outcomes = await Promise.allSettled(writes);
      const lost = outcomes.filter((outcome) => outcome.status === "rejected");
      expect(lost).toHaveLength(19);
      for (const { reason } of lost) expect(CrmError.is(reason, "guard_failed")).toBe(true);
      expect((await store.find(counter))[0]?.[1]).toBe(2);
    }),
    fact("answers 50 concurrent calls of all sorts", async (bench) => {
      const store = await bench.open(sales, given);
      const calls = Array.from({ length: 50 }, async (_, number) => {
        if (number % 3 === 0)
          return inUnits(store, (unit) => unit.insert("accounts", [{ id: `u${number}`, employees: 1 }]));
        if (number % 3 === 1) return store.insert("accounts", [{ id: `w${number}`, employees: 1 }]);
        return store.list({ table: "accounts" });
      });
      await Promise.all(calls);
      const measures = [{ kind: "rows" }, { kind: "sum", column: "employees" }] as const;
      expect(await store.aggregate({ table: "accounts", measures })).toEqual([[35, 34n]]);
    }),
    fact("fails with unit_wait_timeout when no turn comes in time, and goes on when one comes", async (bench) => {
      const store = await bench.open(sales, given, { waitTimeoutMs: 500 });
      const units: Unit[] = [];
      const error = await failure(beginUntilRefused(store, units));
      expect(CrmError.is(error, "unit_wait_timeout")).toBe(true);
      expect(error).toMatchObject({ retryable: true, details: { waitedMs: 500 } });
      for (const unit of units) await unit.rollback();
      await inUnits(store, increment);
      expect(await store.find(counter)).toEqual([[1, 2]]);
    }),
    fact("lets a write wait for its turn, and fails it when none comes in time", async (bench) => {
      const store = await bench.open(sales, given, { waitTimeoutMs: 500 });
      const units: Unit[] = [];
      await failure(beginUntilRefused(store, units));
      expect(await refused(store.insert("accounts", [{ id: "late" }]))).toEqual({ code: "unit_wait_timeout" });
      for (const unit of units) await unit.rollback();
      expect(await store.list({ table: "accounts" })).toEqual(["a"]);
      await store.insert("accounts", [{ id: "b" }]);
      expect(await store.list({ table: "accounts" })).toEqual(["a", "b"]);
    }),
    fact("does not fail a call that waits less than the timeout", async (bench) => {
      const store = await bench.open(sales, given, { waitTimeoutMs: 2_000 });
      const unit = await store.begin();
      const waiting = store.insert("accounts", [{ id: "b" }]);
      await pause(100);
      await unit.commit();
      await waiting;
      expect(await store.list({ table: "accounts" })).toEqual(["a", "b"]);
    }),
  ],
};

async function increment(unit: Unit): Promise<void> {
  const [row] = await unit.find(counter);
  const [employees, version] = row as Row & readonly [number, number];
  await pause(1);
  await unit.update("accounts", [{ id: "a", version, employees: employees + 1 }]);
}

/** As core does it: the whole unit again, when the database says that this may help. */
async function inUnits(store: Store, work: (unit: Unit) => Promise<void>): Promise<void> {
  for (;;) {
    const unit = await store.begin();
    try {
      await work(unit);
      await unit.commit();
      return;
    } catch (error) {
      await unit.rollback();
      ignoreConflict(error);
    }
  }
}

function ignoreConflict(error: unknown): void {
  if (!CrmError.is(error) || !error.retryable) throw error;
}

/** However many connections there are, at some point there is none left. */
async function beginUntilRefused(store: Store, units: Unit[]): Promise<void> {
  for (let count = 0; count < 64; count += 1) units.push(await store.begin());
}
