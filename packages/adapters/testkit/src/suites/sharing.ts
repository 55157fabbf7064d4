/** What processes that share a database have in common: a clock, what is settled by it, hints, and rows that one of them takes. */
import type { Row } from "@relata/core/adapter";
import { expect } from "vitest";
import { fact, type Suite } from "../bench/fact.ts";
import { pause } from "../bench/pause.ts";
import type { Store } from "../bench/store.ts";
import { eq } from "../question/condition.ts";
import { sales } from "../schema/sales.ts";

const letters = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
const given = { accounts: letters.map((id) => ({ id, name: "free" })) };

export const sharing: Suite = {
  name: "sharing",
  facts: [
    fact("has a clock of milliseconds since 1970, which goes on", async (bench) => {
      const { storage } = await bench.open(sales);
      const before = storage.now();
      await pause(50);
      const passed = storage.now() - before;
      expect(before).toBeGreaterThan(Date.parse("2020-01-01"));
      expect(passed).toBeGreaterThan(20);
      expect(passed).toBeLessThan(20_000);
    }),
    fact("knows no instant as settled in which a unit that is open has begun", async (bench) => {
      const store = await bench.open(sales);
      const begunAt = store.storage.now();
      await pause(20);
      const unit = await store.begin();
      await unit.insert("users", [{ id: "ann" }]);
      await pause(20);
      const open = await store.storage.settledAt();
      await unit.commit();
      if (open !== undefined) expect(open).toBeLessThan(begunAt + 20);
      const later = await store.storage.settledAt();
      if (later !== undefined) expect(later).toBeLessThanOrEqual(store.storage.now());
    }),
    fact("passes a hint on to all who listen, and not before it has been given", async (bench) => {
      const { storage } = await bench.open(sales);
      const heard: string[] = [];
      storage.onHint(() => heard.push("one"));
      storage.onHint(() => heard.push("two"));
      storage.hint();
      expect(heard).toEqual([]);
      await until(() => heard.length >= 2);
      expect(new Set(heard)).toEqual(new Set(["one", "two"]));
    }),
    fact(
      "passes no hint on to a listener that was stopped, nor fails to give one when the storage is closed",
      async (bench) => {
        const { storage } = await bench.open(sales);
        const heard: string[] = [];
        const stop = storage.onHint(() => heard.push("stopped"));
        storage.onHint(() => heard.push("listening"));
        stop();
        stop();
        storage.hint();
        await until(() => heard.length > 0);
        expect(new Set(heard)).toEqual(new Set(["listening"]));
        await storage.close();
        storage.hint();
        await pause(20);
      },
    ),
    fact("gives rows that it locks as it gives others: those that match, in order, so many", async (bench) => {
      const store = await bench.open(sales, { accounts: [{ id: "z", name: "taken" }, ...given.accounts] });
      const unit = await store.begin();
      const free = { table: "accounts", where: eq("name", "free"), lock: "skip" } as const;
      expect(await unit.list({ ...free, orderBy: ["-id"], limit: 3 })).toEqual(["l", "k", "j"]);
      expect(await unit.list({ ...free, limit: 2 })).toEqual(["a", "b"]);
      await unit.update("accounts", [{ id: "a", version: 1, name: "taken" }]);
      expect(await unit.list({ ...free, limit: 2 })).toEqual(["b", "c"]);
      await unit.rollback();
      expect(await store.list({ table: "accounts", where: eq("name", "taken") })).toEqual(["z"]);
    }),
    fact("lets units at once take what is free, each row once, and none of them fails", async (bench) => {
      const store = await bench.open(sales, given);
      const taken = await Promise.all([takeAll(store, "1"), takeAll(store, "2"), takeAll(store, "3")]);
      expect(taken.flat().toSorted()).toEqual(letters);
      expect(await store.list({ table: "accounts", where: eq("name", "free") })).toEqual([]);
    }),
  ],
};

/** Until nothing is free, in units of two rows. What another unit has taken and not committed is free no more, or not yet. */
async function takeAll(store: Store, name: string): Promise<readonly string[]> {
  const taken: string[] = [];
  while ((await store.list({ table: "accounts", where: eq("name", "free"), limit: 1 })).length > 0) {
    const unit = await store.begin();
    const rows = await unit.find({
      table: "accounts",
      columns: ["id", "version"],
      where: eq("name", "free"),
      limit: 2,
      lock: "skip",
    });
    await pause(2);
    const changes = rows.map((row) => {
      const [id, version] = row as Row & readonly [string, number];
      return { id, version, name };
    });
    if (changes.length > 0) await unit.update("accounts", changes);
    await unit.commit();
    taken.push(...changes.map(({ id }) => id));
  }
  return taken;
}

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; waited < 5_000 && !holds(); waited += 5) await pause(5);
  expect(holds()).toBe(true);
}
