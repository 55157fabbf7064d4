/** Drains that share the work: what each claims, gives back, and leaves to the others. */
import { type CrmOptions, createCrm } from "@relata/core";
import { definePlugin } from "@relata/core/plugin";
import { expect } from "vitest";
import { pause } from "../bench/pause.ts";
import { failure } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import { sharedStorage } from "./shared-storage.ts";

interface Got {
  readonly id: string;
  readonly recordId: string;
  readonly version: number;
}

/** A subscriber of what happens to teams; `first` runs before it takes an event. */
function copying(got: Got[], first: (event: Got) => unknown = () => {}) {
  return definePlugin({
    id: "copying",
    subscribers: {
      copies: {
        on: ["team.created", "team.updated"],
        async deliver(_, { id, recordId, data }) {
          await first({ id, recordId, version: data.version });
          got.push({ id, recordId, version: data.version });
        },
      },
    },
  });
}

async function open(bench: CrmBench, first?: (event: Got) => unknown, more: Partial<CrmOptions> = {}) {
  const got: Got[] = [];
  const crm = await createCrm({ ...(await bench.options()), ...more, plugins: [copying(got, first)] });
  return { crm, got };
}

const teams = (count: number) => Array.from({ length: count }, (_, i) => `t${i + 10}`);
const nothing = { delivered: 0, failed: 0, parked: 0 };

function later(bench: CrmBench, ms: number): void {
  bench.clock.set(new Date(bench.clock.now() + ms).toISOString());
}

export const sharedDrains: CrmSuite = {
  name: "drains that share the work",
  facts: [
    crmFact("deliver all, each once and in the order of its record, when four of them run at once", async (bench) => {
      const options = await bench.options();
      const storage = sharedStorage(options.storage);
      const got: Got[] = [];
      const atWork = new Map<string, number>();
      let most = 0;
      const plugins = [
        copying(got, async ({ recordId }) => {
          const now = (atWork.get(recordId) ?? 0) + 1;
          atWork.set(recordId, now);
          most = Math.max(most, now);
          await pause(1);
          atWork.set(recordId, now - 1);
        }),
      ];
      const crms = await Promise.all([1, 2, 3, 4].map(() => createCrm({ ...options, storage, plugins })));
      const ids = teams(15);
      for (const id of ids) await crms[0]!.teams.create({ id, name: "A" });
      for (const name of ["B", "C", "D"]) for (const id of ids) await crms[1]!.teams.update(id, { name });
      const drain = async (crm: (typeof crms)[number]) => {
        let delivered = 0;
        while (got.length < 60) {
          delivered += (await crm.eventDeliveries.drain()).delivered;
          await pause(1);
        }
        return delivered;
      };
      const shares = await Promise.all(crms.map(drain));
      while ((await crms[0]!.eventDeliveries.count()) > 0) await pause(1);
      expect(shares.reduce((total, share) => total + share, 0)).toBe(60);
      expect(new Set(got.map(({ id }) => id)).size).toBe(60);
      for (const id of ids)
        expect(got.filter(({ recordId }) => recordId === id).map(({ version }) => version)).toEqual([1, 2, 3, 4]);
      expect(most).toBe(1);
    }),
    crmFact("claim ten at most, so that another one finds what is left", async (bench) => {
      let claimed = 0;
      const { crm } = await open(bench, async () => {
        claimed ||= await crm.eventDeliveries.count({ where: { claimedUntil: { gt: new Date(bench.clock.now()) } } });
      });
      for (const id of teams(25)) await crm.teams.create({ id, name: "A" });
      expect(await crm.eventDeliveries.drain()).toEqual({ delivered: 25, failed: 0, parked: 0 });
      expect(claimed).toBe(10);
    }),
    crmFact("give back what they have claimed and not begun when they are to stop", async (bench) => {
      const { crm, got } = await open(bench, () => later(bench, 1_000));
      for (const id of teams(8)) await crm.teams.create({ id, name: "A" });
      const until = new Date(bench.clock.now() + 2_000);
      expect(await crm.eventDeliveries.drain({ until })).toEqual({ delivered: 3, failed: 0, parked: 0 });
      expect(await crm.eventDeliveries.count({ where: { claimedUntil: { gt: new Date(0) } } })).toBe(0);
      expect(await crm.eventDeliveries.drain()).toEqual({ delivered: 5, failed: 0, parked: 0 });
      expect(got.map(({ recordId }) => recordId)).toEqual(teams(8));
    }),
    crmFact("give back what follows one that has failed, and no delivery of another record", async (bench) => {
      let down = true;
      const { crm, got } = await open(bench, ({ recordId }) => {
        if (down && recordId === "t1") throw new Error("no");
      });
      await crm.teams.create({ id: "t1", name: "A" });
      await crm.teams.update("t1", { name: "B" });
      await crm.teams.create({ id: "t2", name: "A" });
      expect(await crm.eventDeliveries.drain()).toEqual({ delivered: 1, failed: 1, parked: 0 });
      const { items } = await crm.eventDeliveries.list({ orderBy: [{ occurredAt: "asc" }] });
      expect(items.map(({ attempts, claimedUntil }) => [attempts, claimedUntil])).toEqual([
        [1, null],
        [0, null],
      ]);
      down = false;
      later(bench, 1_000);
      expect(await crm.eventDeliveries.drain()).toEqual({ delivered: 2, failed: 0, parked: 0 });
      expect(got.map(({ recordId, version }) => [recordId, version])).toEqual([
        ["t2", 1],
        ["t1", 1],
        ["t1", 2],
      ]);
    }),
    crmFact(
      "leave what they have claimed to others when they end in the middle, after the claim has run out",
      async (bench) => {
        const options = await bench.options();
        let writes = 0;
        const storage = sharedStorage(options.storage, (sound) => ({
          async write(tenantId, steps) {
            if (steps.some(({ kind }) => kind === "delete") && ++writes === 3) throw new Error("The power has failed.");
            return sound.write(tenantId, steps);
          },
        }));
        const got: Got[] = [];
        const crm = await createCrm({ ...options, storage, plugins: [copying(got)] });
        const other = await createCrm({ ...options, storage, plugins: [copying(got)] });
        for (const id of teams(5)) await crm.teams.create({ id, name: "A" });
        expect(await failure(crm.eventDeliveries.drain())).toEqual(new Error("The power has failed."));
        later(bench, 59_999);
        expect(await other.eventDeliveries.drain()).toEqual(nothing);
        later(bench, 1);
        expect(await other.eventDeliveries.drain()).toEqual({ delivered: 3, failed: 0, parked: 0 });
        expect(got.map(({ recordId }) => recordId)).toEqual(["t10", "t11", "t12", "t12", "t13", "t14"]);
        expect(got[3]!.id).toBe(got[2]!.id);
      },
    ),
    crmFact("begin no delivery that could outlast its claim: it is claimed anew", async (bench) => {
      const left: number[] = [];
      const { crm, got } = await open(bench, async ({ recordId }) => {
        const claimed = await crm.eventDeliveries.find({ where: { recordId } });
        left.push(claimed!.claimedUntil!.getTime() - bench.clock.now());
        later(bench, 10_000);
      });
      for (const id of teams(5)) await crm.teams.create({ id, name: "A" });
      expect(await crm.eventDeliveries.drain()).toEqual({ delivered: 5, failed: 0, parked: 0 });
      expect(left).toEqual([60_000, 50_000, 60_000, 50_000, 60_000]);
      expect(got).toHaveLength(5);
    }),
    crmFact("do not tell of a record that was erased after it was claimed", async (bench) => {
      const { crm, got } = await open(bench, async ({ recordId }) => {
        if (recordId === "t10") await crm.teams.erase("t11");
      });
      for (const id of teams(3)) await crm.teams.create({ id, name: "A" });
      expect(await crm.eventDeliveries.drain()).toEqual({ delivered: 2, failed: 0, parked: 0 });
      expect(got.map(({ recordId }) => recordId)).toEqual(["t10", "t12"]);
      expect(await crm.eventDeliveries.count()).toBe(0);
    }),
    crmFact(
      "get past hundreds that wait behind one that has failed, and deliver these in order later",
      async (bench) => {
        let down = true;
        const { crm, got } = await open(bench, ({ recordId }) => {
          if (down && recordId === "t1") throw new Error("no");
        });
        await crm.teams.create({ id: "t1", name: "A" });
        await crm.transaction(async (tx) => {
          for (let i = 0; i < 249; i++) await tx.teams.update("t1", { name: `${i}` });
        });
        await crm.teams.create({ id: "t2", name: "A" });
        expect(await crm.eventDeliveries.drain()).toEqual({ delivered: 1, failed: 1, parked: 0 });
        down = false;
        later(bench, 1_000);
        expect(await crm.eventDeliveries.drain()).toEqual({ delivered: 250, failed: 0, parked: 0 });
        expect(got.map(({ version }) => version)).toEqual([1, ...Array.from({ length: 250 }, (_, i) => i + 1)]);
      },
    ),
    crmFact("deliver at once what was written by a process whose clock is ahead", async (bench) => {
      const options = await bench.options();
      const storage = sharedStorage(options.storage);
      const got: Got[] = [];
      const ahead = await createCrm({
        ...options,
        storage,
        clock: () => bench.clock.now() + 500,
        plugins: [copying([])],
      });
      const crm = await createCrm({ ...options, storage, plugins: [copying(got)] });
      await ahead.teams.create({ id: "t1", name: "A" });
      await crm.teams.update("t1", { name: "B" });
      expect(await crm.eventDeliveries.drain()).toEqual({ delivered: 2, failed: 0, parked: 0 });
      expect(got.map(({ version }) => version)).toEqual([1, 2]);
    }),
    crmFact("take turns of tenants: one with many events does not keep the others waiting", async (bench) => {
      const { crm, got } = await open(bench);
      for (const tenantId of ["many", "few"])
        for (const id of teams(tenantId === "many" ? 40 : 5))
          await crm.as({ tenantId }).teams.create({ id, name: "A" });
      expect(await crm.eventDeliveries.drain({ limit: 15 })).toEqual({ delivered: 15, failed: 0, parked: 0 });
      expect(await crm.as({ tenantId: "few" }).eventDeliveries.count()).toBe(0);
      expect(await crm.as({ tenantId: "many" }).eventDeliveries.count()).toBe(30);
      expect(await crm.eventDeliveries.drain()).toEqual({ delivered: 30, failed: 0, parked: 0 });
      expect(got).toHaveLength(45);
    }),
    crmFact("need few calls of the storage: six to claim ten, and two for each of them", async (bench) => {
      const { crm, calls } = await bench.openCounted({ plugins: [copying([])] });
      for (const id of teams(10)) await crm.teams.create({ id, name: "A" });
      const before = { ...calls };
      expect(await crm.eventDeliveries.drain()).toEqual({ delivered: 10, failed: 0, parked: 0 });
      const made = Object.entries(calls).map(([name, count]) => [name, count - before[name as keyof typeof calls]]);
      // The last find is the one that finds nothing more.
      expect(Object.fromEntries(made)).toMatchObject({ begin: 1, commit: 1, find: 3 + 10 + 1, write: 1 + 10 });
    }),
  ],
};
