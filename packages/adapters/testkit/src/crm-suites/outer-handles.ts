/** A handle from outside of an open unit is refused at once, where the runtime can tell; it would wait for itself. */

import { createCrm } from "@relata/core";
import { definePlugin } from "@relata/core/plugin";
import { expect } from "vitest";
import { pause } from "../bench/pause.ts";
import { failure } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";

const outer = (call: string) => ({ code: "outer_handle", details: { call } });

export const outerHandles: CrmSuite = {
  name: "handles from outside of a unit",
  facts: [
    crmFact("are refused at once for every call, naming it, and the unit goes on", async (bench) => {
      const crm = await bench.open();
      const started = performance.now();
      await crm.transaction(async (tx) => {
        await tx.crates.create({ id: "c1" });
        expect(await failure(crm.crates.create({ id: "c2" }))).toMatchObject(outer("crates.create"));
        expect(await failure(crm.crates.list())).toMatchObject(outer("crates.list"));
        expect(await failure(crm.crates.get("c1"))).toMatchObject(outer("crates.get"));
        expect(await failure(crm.as({ actorId: "x" }).crates.update("c1", {}))).toMatchObject(outer("crates.update"));
        expect(await failure(crm.opportunities.moveTo("x", "won"))).toMatchObject(outer("opportunities.moveTo"));
        expect(await failure(crm.transaction(async () => {}))).toMatchObject(outer("transaction"));
        await tx.crates.create({ id: "c3" });
      });
      // One that had waited would have waited so long.
      expect(performance.now() - started).toBeLessThan(5_000);
      expect((await crm.crates.list()).items.map(({ id }) => id)).toEqual(["c1", "c3"]);
    }),
    crmFact("are refused before anything has been begun", async (bench) => {
      const { crm, calls } = await bench.openCounted();
      await crm.transaction(async () => {
        expect(await failure(crm.crates.count())).toMatchObject(outer("crates.count"));
      });
      expect(calls.begin).toBe(0);
    }),
    crmFact("are refused in an inner unit, also where they belong to the outer one", async (bench) => {
      const crm = await bench.open();
      await crm.transaction(async (tx) => {
        await tx.transaction(async (inner) => {
          expect(await failure(tx.crates.create({ id: "c1" }))).toMatchObject(outer("crates.create"));
          expect(await failure(tx.transaction(async () => {}))).toMatchObject(outer("transaction"));
          expect(await failure(crm.crates.list())).toMatchObject(outer("crates.list"));
          await inner.crates.create({ id: "c2" });
        });
        await tx.crates.create({ id: "c3" });
      });
      expect((await crm.crates.list()).items.map(({ id }) => id)).toEqual(["c2", "c3"]);
    }),
    crmFact("are refused among parallel calls, and after other waits", async (bench) => {
      const crm = await bench.open();
      const results = await crm.transaction(async (tx) => {
        await pause(1);
        return Promise.allSettled([
          tx.crates.create({ id: "c1" }),
          crm.crates.create({ id: "c2" }),
          tx.crates.create({ id: "c3" }),
          Promise.resolve().then(() => crm.crates.count()),
        ]);
      });
      expect(results.map((result) => (result.status === "rejected" ? result.reason.code : "done"))).toEqual([
        "done",
        "outer_handle",
        "done",
        "outer_handle",
      ]);
      expect(await crm.crates.count()).toBe(2);
    }),
    crmFact("are refused in hooks and operations, which have handles of their own", async (bench) => {
      const seen: unknown[] = [];
      const using: { crm?: { readonly teams: { count(): Promise<number> } } } = {};
      const straying = definePlugin({
        id: "straying",
        hooks: {
          account: {
            async before(context) {
              seen.push(await context.teams.count(), await failure(using.crm!.teams.count()));
            },
            async after(context) {
              seen.push(await context.teams.count(), await failure(using.crm!.teams.count()));
            },
          },
        },
        operations: (context) => ({
          team: {
            stray: () =>
              context.transaction(async (tx) => {
                seen.push(
                  await tx.teams.count(),
                  await failure(context.teams.count()),
                  await failure(using.crm!.teams.count()),
                );
              }),
          },
        }),
      });
      const crm = await createCrm({ ...(await bench.options()), plugins: [straying] });
      using.crm = crm;
      await crm.accounts.create({ name: "Acme" });
      await crm.teams.stray();
      await crm.transaction(async (tx) => {
        using.crm = tx;
        await tx.accounts.create({ name: "Base" });
      });
      const refusal = outer("teams.count");
      expect(seen).toMatchObject([0, refusal, 0, refusal, 0, refusal, refusal, 0, refusal, 0, refusal]);
      expect(await crm.accounts.count()).toBe(2);
    }),
    crmFact("are good again when the unit has ended, however it did", async (bench) => {
      const crm = await bench.open();
      await crm.transaction((tx) => tx.crates.create({ id: "c1" }));
      await crm.crates.create({ id: "c2" });
      await failure(crm.transaction(async () => Promise.reject(new Error("no"))));
      await crm.crates.create({ id: "c3" });
      let later: Promise<unknown> | undefined;
      await crm.transaction(async () => {
        later = pause(20).then(() => crm.crates.create({ id: "c4" }));
      });
      await later;
      expect(await crm.crates.count()).toBe(4);
    }),
    crmFact("of another CRM are no outer handles", async (bench) => {
      const crm = await bench.open();
      const other = await bench.open();
      await crm.transaction(async (tx) => {
        await tx.crates.create({ id: "c1" });
        await other.crates.create({ id: "c2" });
        await other.transaction(async (otherTx) => {
          await otherTx.crates.create({ id: "c3" });
          await tx.crates.create({ id: "c4" });
        });
      });
      expect([await crm.crates.count(), await other.crates.count()]).toEqual([2, 2]);
    }),
  ],
};
