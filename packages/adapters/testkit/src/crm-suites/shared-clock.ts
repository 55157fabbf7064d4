/** The storage's clock, and what it knows to be settled of other processes. */
import { createCrm } from "@relata/core";
import { expect } from "vitest";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import { sharedStorage } from "./shared-storage.ts";

const at = (time: string) => Date.parse(`2030-01-01T${time}Z`);

/** A database server of its own time, on which a unit of another process is open since `settled`. */
async function open(bench: CrmBench, { ownClock = false } = {}) {
  const options = await bench.options();
  const server = { now: at("12:00:00.7"), settled: at("11:00:00") as number | undefined, asked: 0 };
  const storage = sharedStorage(options.storage, () => ({
    now: () => server.now + 0.9,
    async settledAt() {
      server.asked++;
      return server.settled;
    },
  }));
  const { clock, ...rest } = options;
  const crm = await createCrm({ ...rest, storage, ...(ownClock ? { clock: clock! } : {}) });
  return { crm, server };
}

export const sharedClock: CrmSuite = {
  name: "the clock of a storage",
  facts: [
    crmFact("dates what is written, in whole milliseconds", async (bench) => {
      const { crm } = await open(bench);
      const { createdAt } = await crm.teams.create({ id: "t1", name: "A" });
      expect(createdAt).toEqual(new Date("2030-01-01T12:00:00.700Z"));
    }),
    crmFact("may be behind that of the caller, who reads what is now by either", async (bench) => {
      const { crm, server } = await open(bench);
      server.now = Date.now() - 60_000;
      await crm.teams.create({ id: "t1", name: "A" });
      expect(await crm.asOf(new Date()).teams.count()).toBe(1);
      expect(() => crm.asOf(new Date(Date.now() + 60_000))).toThrow("is in the future");
    }),
    crmFact("gives way to a clock of the caller's own, and then only this process is known", async (bench) => {
      const { crm, server } = await open(bench, { ownClock: true });
      const { createdAt } = await crm.teams.create({ id: "t1", name: "A" });
      expect(createdAt).toEqual(new Date("2026-06-15T10:00:00Z"));
      bench.clock.set("2026-06-15T10:00:01Z");
      expect(await crm.settled()).toEqual(new Date("2026-06-15T10:00:00.999Z"));
      expect("unsettled" in (await crm.asOf(createdAt).teams.list())).toBe(false);
      expect(server.asked).toBe(0);
    }),
    crmFact("says what other processes have open: the older of both ends is settled", async (bench) => {
      const { crm, server } = await open(bench);
      expect(await crm.settled()).toEqual(new Date("2030-01-01T11:00:00Z"));
      server.settled = at("11:59:59.9");
      await crm.transaction(async (tx) => {
        await tx.teams.create({ id: "t1", name: "A" });
        server.now = at("13:00:00");
        server.settled = at("12:59:59");
        expect(await tx.settled()).toEqual(new Date("2030-01-01T12:00:00.699Z"));
      });
      expect(await crm.settled()).toEqual(new Date("2030-01-01T12:59:59Z"));
      server.settled = undefined;
      expect(await crm.settled()).toEqual(new Date("2030-01-01T12:59:59.999Z"));
    }),
    crmFact(
      "marks pages of the past that another process may still change, and asks no more about what is settled",
      async (bench) => {
        const { crm, server } = await open(bench);
        await crm.teams.create({ id: "t1", name: "A" });
        server.now = at("13:00:00");
        const listed = (time: string) => crm.asOf(new Date(at(time))).teams.list();
        expect(await listed("12:30:00")).toMatchObject({ items: [{ id: "t1" }], unsettled: true });
        expect(server.asked).toBe(1);
        expect("unsettled" in (await listed("11:00:00"))).toBe(false);
        expect("unsettled" in (await listed("10:00:00"))).toBe(false);
        expect(server.asked).toBe(1);
        server.settled = at("12:45:00");
        expect("unsettled" in (await listed("12:30:00"))).toBe(false);
        expect(server.asked).toBe(2);
        await crm.teams.list();
        expect(server.asked).toBe(2);
      },
    ),
  ],
};
