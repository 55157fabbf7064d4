/** Names that a plugin's rules lock, so that units side by side do not break together what each of them keeps. */
import { createCrm } from "@relata/core";
import { definePlugin } from "@relata/core/plugin";
import { expect } from "vitest";
import { failure, refusedDetails } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import { openSample } from "./sample-crm.ts";
import { type Faults, withFaults } from "./storage-faults.ts";

/** Rules that read, decide and write. */
const desks = definePlugin({
  id: "desks",
  services: (context) => ({
    /** No more teams than seats: two that count at once would both find one free. */
    open: (id: string, seats: number) =>
      context.transaction(async (tx) => {
        await tx.lock("desks");
        const taken = await tx.teams.count();
        await Promise.resolve();
        if (taken < seats) await tx.teams.create({ id, name: id });
      }),
    lockNow: (...names: string[]) => context.lock(...names),
    lockIn: (...names: unknown[]) => context.transaction((tx) => tx.lock(...(names as string[]))),
    lockTwice: () =>
      context.transaction(async (tx) => {
        await tx.lock("a", "b", "a");
        await tx.transaction(async (inner) => {
          await inner.lock("b");
          await inner.lockShared("a");
          await inner.lockShared("c");
          await inner.lock("c");
        });
      }),
  }),
});

async function openDesks(bench: CrmBench, faults: Faults = {}) {
  const options = await bench.options();
  return createCrm({ ...options, storage: withFaults(options.storage, faults), plugins: [desks] });
}

interface Locked {
  readonly tenantId: string;
  readonly names: readonly string[];
  readonly mode: string | undefined;
}

function noting() {
  const all: Locked[] = [];
  const locked: Faults["locked"] = (tenantId, names, mode) => void all.push({ tenantId, names, mode });
  return { all, locked };
}

export const locking: CrmSuite = {
  name: "names that are locked",
  facts: [
    crmFact("let rules over several records hold for units at once", async (bench) => {
      const crm = await openDesks(bench);
      await Promise.all(Array.from({ length: 12 }, (_, i) => crm.desks.open(`t${i}`, 3)));
      expect(await crm.teams.count()).toBe(3);
    }),
    crmFact("are refused outside of a unit, and where they are no names", async (bench) => {
      const crm = await openDesks(bench);
      expect(await failure(crm.desks.lockNow("a"))).toMatchObject({
        code: "unit_required",
        details: { call: "lock" },
      });
      for (const names of [[], [""], [7], ["a", null]])
        expect([names, await refusedDetails(crm.desks.lockIn(...names))]).toMatchObject([names, { field: "names" }]);
    }),
    crmFact("reach the storage once, in one order whatever the order of naming them, for the tenant", async (bench) => {
      const { all, locked } = noting();
      const crm = await openDesks(bench, { locked });
      await crm.as({ tenantId: "t-2" }).desks.lockTwice();
      expect(all.map(({ tenantId, names, mode }) => [tenantId, names.length, mode])).toEqual([
        ["t-2", 2, "exclusive"],
        ["t-2", 1, "shared"],
        ["t-2", 1, "exclusive"],
      ]);
      all.length = 0;
      await crm.desks.lockIn("a", "b");
      await crm.desks.lockIn("b", "a");
      expect(all[0]!.names).toEqual(all[1]!.names);
    }),
    crmFact("are few enough to be held together, however many are named", async (bench) => {
      const { all, locked } = noting();
      const crm = await openDesks(bench, { locked });
      await crm.desks.lockIn(...Array.from({ length: 20_000 }, (_, i) => `record:${i}`));
      expect(all[0]!.names.length).toBeGreaterThan(1_000);
      expect(all[0]!.names.length).toBeLessThanOrEqual(1_024);
    }),
    crmFact("are taken by core where a rule spans rows: trees, keys of upserts, what pairs refer to", async (bench) => {
      const { all, locked } = noting();
      const options = await bench.options();
      const crm = await openSample({ ...options, storage: withFaults(options.storage, { locked }) });
      const modes = async (write: () => Promise<unknown>) => {
        all.length = 0;
        await write();
        return all.map(({ mode }) => mode);
      };
      const above = await crm.accounts.create({ name: "Above" });
      const below = await crm.accounts.create({ name: "Below", parentId: above.id });
      const note = await crm.activities.create({ kind: "note", subject: "x" });
      expect(await modes(() => crm.accounts.create({ name: "New" }))).toEqual([]);
      expect(await modes(() => crm.accounts.create({ name: "New", parentId: above.id }))).toEqual(["shared"]);
      expect(await modes(() => crm.accounts.update(below.id, { parentId: null }))).toEqual(["exclusive"]);
      expect(await modes(() => crm.accounts.update(below.id, { parentId: above.id }))).toEqual(["exclusive"]);
      expect(await modes(() => crm.crates.upsert({ id: "c1" }, { by: "id" }))).toEqual(["exclusive"]);
      const link = () => crm.activities.link(note.id, { entityType: "account", id: above.id });
      expect(await modes(link)).toEqual(["exclusive", "shared"]);
      expect(await modes(() => crm.accounts.delete(below.id))).toContain("exclusive");
    }),
  ],
};
