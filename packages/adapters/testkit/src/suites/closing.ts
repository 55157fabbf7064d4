/** The end of a storage. */
import { CrmError } from "@relata/core/adapter";
import { expect } from "vitest";
import { fact, type Suite } from "../bench/fact.ts";
import { pause } from "../bench/pause.ts";
import { failure } from "../bench/refusal.ts";
import { sales } from "../schema/sales.ts";

export const closing: Suite = {
  name: "close",
  facts: [
    fact("can be repeated, one after another and at once", async (bench) => {
      const { storage } = await bench.open(sales);
      await Promise.all([storage.close(), storage.close()]);
      await storage.close();
    }),
    fact("waits for writes and reads that are under way", async (bench) => {
      const store = await bench.open(sales, { users: [{ id: "ann" }] });
      const rows = Array.from({ length: 500 }, (_, number) => ({ id: `u${number}` }));
      const calls = [
        store.insert("users", rows),
        store.list({ table: "users" }),
        store.insert("users", [{ id: "last" }]),
      ];
      await store.storage.close();
      expect(await Promise.allSettled(calls)).toEqual([
        { status: "fulfilled", value: undefined },
        { status: "fulfilled", value: expect.anything() },
        { status: "fulfilled", value: undefined },
      ]);
    }),
    fact("waits for a unit that is open, which goes on to its commit", async (bench) => {
      const store = await bench.open(sales);
      const unit = await store.begin();
      await unit.insert("users", [{ id: "ann" }]);
      let closed = false;
      const closing = store.storage.close().then(() => {
        closed = true;
      });
      await pause(20);
      expect(closed).toBe(false);
      await unit.insert("users", [{ id: "bob" }]);
      expect(await unit.list({ table: "users" })).toEqual(["ann", "bob"]);
      await unit.commit();
      await closing;
    }),
    fact("refuses every later call with a CrmError", async (bench) => {
      const store = await bench.open(sales);
      await store.storage.close();
      const calls = [
        () => store.list({ table: "users" }),
        () => store.aggregate({ table: "users", measures: [{ kind: "rows" }] }),
        () => store.insert("users", [{ id: "ann" }]),
        () => store.begin(),
        () => store.storage.migrator.migrate(() => []),
      ];
      for (const call of calls) expect(CrmError.is(await failure(call()))).toBe(true);
    }),
    fact("leaves other storages alone", async (bench) => {
      const one = await bench.open(sales, { users: [{ id: "ann" }] });
      const other = await bench.open(sales, { users: [{ id: "bob" }] });
      await one.storage.close();
      expect(await other.list({ table: "users" })).toEqual(["bob"]);
    }),
  ],
};
