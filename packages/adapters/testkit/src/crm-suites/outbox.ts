/** Durable events: written with the rows, delivered at least once, in order for each record, and parked when nothing helps. Over 400 lines: one way from the write to the last attempt. */
import { type CrmOptions, createCrm } from "@relata/core";
import type { Storage, StorageAdapter, WriteStep } from "@relata/core/adapter";
import { definePlugin } from "@relata/core/plugin";
import { expect } from "vitest";
import * as z from "zod";
import { pause } from "../bench/pause.ts";
import { failure, refused } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";

interface Got {
  readonly id: string;
  readonly name: string;
  readonly recordId: string;
  readonly tenantId: string;
  readonly data: unknown;
}

/** A subscriber of what happens to teams; `fails` decides whether it takes an event. */
function syncing(got: Got[], fails: (event: Got) => unknown = () => false) {
  return definePlugin({
    id: "syncing",
    events: { "team.praised": z.strictObject({ words: z.string() }) },
    subscribers: {
      "crm-sync": {
        on: ["team.created", "team.updated", "team.deleted", "team.praised", "queue.created"],
        async deliver(_, event) {
          if (await fails(event)) throw new Error(`no ${event.recordId}`);
          got.push(event);
        },
      },
    },
  });
}

type Fails = (event: Got) => unknown;

async function open(bench: CrmBench, { fails, ...more }: Partial<CrmOptions> & { readonly fails?: Fails } = {}) {
  const got: Got[] = [];
  const crm = await createCrm({ ...(await bench.options()), plugins: [syncing(got, fails)], ...more });
  return { crm, got };
}

const names = (got: readonly Got[]) => got.map(({ name, recordId }) => `${name} ${recordId}`);

/** The adapter, whose writes can be made to fail. */
function failing(adapter: StorageAdapter, fails: (steps: readonly WriteStep[]) => boolean): StorageAdapter {
  const refuse = async (steps: readonly WriteStep[]) => {
    if (fails(steps)) throw new Error("The power has failed.");
  };
  return {
    name: adapter.name,
    async open(options) {
      const sound = await adapter.open(options);
      const storage: Storage = {
        ...sound,
        write: async (tenantId, steps, locks) => refuse(steps).then(() => sound.write(tenantId, steps, locks)),
        async begin() {
          const transaction = await sound.begin();
          return {
            ...transaction,
            write: async (tenantId, steps, locks) =>
              refuse(steps).then(() => transaction.write(tenantId, steps, locks)),
          };
        },
      };
      return storage;
    },
  };
}

export const outbox: CrmSuite = {
  name: "the outbox",
  facts: [
    crmFact("delivers to a subscriber what has happened, once, in order, and keeps nothing of it", async (bench) => {
      const { crm, got } = await open(bench);
      await crm.teams.create({ id: "t1", name: "A" });
      await crm.transaction(async (tx) => {
        await tx.teams.update("t1", { name: "B" });
        await tx.emit("team.praised", "t1", { words: "Well done" });
        await tx.teams.create({ id: "t2", name: "C" });
      });
      await crm.teams.delete("t1");
      await crm.users.create({ id: "u1", name: "U" });
      expect([got.length, await crm.eventDeliveries.count()]).toEqual([0, 5]);
      expect(await crm.eventDeliveries.drain()).toEqual({ delivered: 5, failed: 0, parked: 0 });
      expect(names(got)).toEqual([
        "team.created t1",
        "team.updated t1",
        "team.praised t1",
        "team.created t2",
        "team.deleted t1",
      ]);
      expect(await crm.eventDeliveries.count()).toBe(0);
      expect(await crm.eventDeliveries.drain()).toEqual({ delivered: 0, failed: 0, parked: 0 });
      expect(got).toHaveLength(5);
    }),
    crmFact(
      "delivers the events as listeners hear them: the same ids, dates that are dates, exact figures",
      async (bench) => {
        const got: unknown[] = [];
        const heard: unknown[] = [];
        const crm = await createCrm({
          ...(await bench.options()),
          subscribers: {
            deals: { on: ["opportunity.created", "opportunity.updated"], deliver: (_, event) => void got.push(event) },
          },
        });
        crm.on("opportunity.created", (event) => heard.push(event));
        crm.on("opportunity.updated", (event) => heard.push(event));
        const deal = await crm.opportunities.create({
          name: "Deal",
          amount: { amount: "90071992547409.91", currency: "EUR" },
          expectedCloseDate: "2026-12-15",
        });
        await crm.as({ actorId: "ann" }).opportunities.moveTo(deal.id, "proposal");
        await crm.eventDeliveries.drain();
        expect(got).toHaveLength(2);
        expect(got).toEqual(heard);
      },
    ),
    crmFact("is written with the rows: one list of steps for a single write, one unit for several", async (bench) => {
      const got: Got[] = [];
      const { crm, calls } = await bench.openCounted({ plugins: [syncing(got)] });
      const { id } = await crm.queues.create({ key: "a", name: "A" });
      expect(calls).toMatchObject({ begin: 0, write: 1 });
      await crm.teams.create({ id: "t1", name: "A" });
      await failure(crm.teams.create({ id: "t1", name: "again" }));
      await failure(
        crm.transaction(async (tx) => {
          await tx.teams.create({ id: "t2", name: "B" });
          throw new Error("no");
        }),
      );
      await crm.transaction(async (tx) => {
        await tx.teams.create({ id: "t3", name: "C" });
        await failure(
          tx.transaction(async (inner) => {
            await inner.teams.create({ id: "t4", name: "D" });
            await inner.emit("team.praised" as never, "t3", { words: "never" } as never);
            throw new Error("no");
          }),
        );
      });
      await crm.teams.validate({ create: { id: "t5", name: "E" } });
      await crm.teams.update("t3", { name: "C" });
      expect(
        (await crm.eventDeliveries.list()).items.map(({ eventName, recordId }) => `${eventName} ${recordId}`),
      ).toEqual([`queue.created ${id}`, "team.created t1", "team.created t3"]);
      await crm.eventDeliveries.drain();
      expect(names(got)).toEqual([`queue.created ${id}`, "team.created t1", "team.created t3"]);
    }),
    crmFact(
      "delivers a record's events in the order of its versions, also where the clock steps back",
      async (bench) => {
        const { crm, got } = await open(bench);
        await crm.teams.create({ id: "t1", name: "A" });
        bench.clock.set("2026-06-15T09:00:00Z");
        await crm.teams.update("t1", { name: "B" });
        await crm.teams.delete("t1");
        bench.clock.set("2026-06-15T11:00:00Z");
        await crm.eventDeliveries.drain();
        expect(names(got)).toEqual(["team.created t1", "team.updated t1", "team.deleted t1"]);
      },
    ),
    crmFact("tells of erasing also what was deleted before, whose own deliveries are erased with it", async (bench) => {
      const got: Got[] = [];
      const seen: string[] = [];
      const crm = await createCrm({
        ...(await bench.options()),
        hooks: { team: { committed: async (_, batch) => void seen.push(`${batch.length} of teams`) } },
        subscribers: {
          copies: {
            on: ["team.created", "team.deleted", "team.erased"],
            deliver: (_, event) => void got.push(event),
          },
        },
      });
      await crm.teams.create({ id: "t1", name: "A" });
      await crm.eventDeliveries.drain();
      await crm.teams.delete("t1");
      await crm.teams.erase("t1");
      await crm.eventDeliveries.drain();
      expect(names(got)).toEqual(["team.created t1", "team.erased t1"]);
      expect(got[1]!.data).toEqual({ version: 1 });
      expect(seen).toEqual(["1 of teams", "1 of teams"]);
    }),
    crmFact("gives the subscriber its plugin's context, for the tenant and the actor of the event", async (bench) => {
      const noting = definePlugin({
        id: "noting",
        subscribers: {
          noting: {
            on: ["team.created"],
            async deliver(context, { recordId, tenantId, data }) {
              await context.users.create({ id: `${tenantId} ${recordId}`, name: data.after.name });
            },
          },
        },
      });
      const crm = await createCrm({ ...(await bench.options()), plugins: [noting] });
      await crm.teams.create({ id: "t1", name: "A" });
      await crm.as({ tenantId: "other", actorId: "ann" }).teams.create({ id: "t2", name: "B" });
      expect(await crm.as({ actorId: "bob" }).eventDeliveries.drain()).toMatchObject({ delivered: 2 });
      expect((await crm.users.list()).items.map(({ id, createdBy }) => [id, createdBy])).toEqual([
        ["default t1", null],
      ]);
      const other = crm.as({ tenantId: "other" });
      expect((await other.users.list()).items.map(({ id, createdBy }) => [id, createdBy])).toEqual([
        ["other t2", "ann"],
      ]);
    }),
    crmFact("shows each tenant its own deliveries only", async (bench) => {
      const { crm } = await open(bench);
      const other = crm.as({ tenantId: "other" });
      await other.teams.create({ id: "t1", name: "A" });
      const [waiting] = (await other.eventDeliveries.list()).items;
      expect(await crm.eventDeliveries.count()).toBe(0);
      expect(await refused(crm.eventDeliveries.sendAgain(waiting!.id))).toMatchObject({ code: "not_found" });
    }),
    crmFact("is drained for one tenant by a handle of that tenant, also by that of a subscriber", async (bench) => {
      const inner: unknown[] = [];
      const got: string[] = [];
      const crm = await createCrm({
        ...(await bench.options()),
        subscribers: {
          copies: {
            on: ["team.created"],
            async deliver(context, { tenantId, recordId }) {
              got.push(`${tenantId} ${recordId}`);
              if (recordId === "t2") inner.push(await context.eventDeliveries.drain());
            },
          },
        },
      });
      for (const tenantId of ["one", "two", "three"]) await crm.as({ tenantId }).teams.create({ id: "t1", name: "A" });
      expect(await crm.as({ tenantId: "four" }).eventDeliveries.drain()).toEqual({
        delivered: 0,
        failed: 0,
        parked: 0,
      });
      expect(await crm.as({ tenantId: "two" }).eventDeliveries.drain()).toEqual({ delivered: 1, failed: 0, parked: 0 });
      expect(got).toEqual(["two t1"]);
      await crm.teams.create({ id: "t2", name: "B" });
      const own = crm.as({ tenantId: "default" });
      expect(await own.eventDeliveries.drain()).toEqual({ delivered: 1, failed: 0, parked: 0 });
      expect([got, inner]).toEqual([["two t1", "default t2"], [{ delivered: 0, failed: 0, parked: 0 }]]);
      expect(await crm.eventDeliveries.drain()).toEqual({ delivered: 2, failed: 0, parked: 0 });
      expect(got.slice(2).toSorted()).toEqual(["one t1", "three t1"]);
    }),
    crmFact("tries again what has failed, later each time, and parks it in the end", async (bench) => {
      const { crm, got } = await open(bench, { fails: () => true, outbox: { maxAttempts: 5, longestRetryMs: 5_000 } });
      await crm.teams.create({ id: "t1", name: "A" });
      const waits: number[] = [];
      for (let attempt = 1; attempt <= 4; attempt++) {
        expect(await crm.eventDeliveries.drain()).toEqual({ delivered: 0, failed: 1, parked: 0 });
        expect(await crm.eventDeliveries.drain()).toEqual({ delivered: 0, failed: 0, parked: 0 });
        const [waiting] = (await crm.eventDeliveries.list()).items;
        expect(waiting).toMatchObject({ status: "pending", attempts: attempt, lastError: "no t1", claimedUntil: null });
        waits.push(waiting!.dueAt.getTime() - bench.clock.now());
        bench.clock.set(new Date(waiting!.dueAt.getTime() - 1).toISOString());
        expect(await crm.eventDeliveries.drain()).toEqual({ delivered: 0, failed: 0, parked: 0 });
        bench.clock.set(waiting!.dueAt.toISOString());
      }
      expect(waits).toEqual([1_000, 2_000, 4_000, 5_000]);
      expect(await crm.eventDeliveries.drain()).toEqual({ delivered: 0, failed: 0, parked: 1 });
      bench.clock.set("2027-01-01T00:00:00Z");
      expect(await crm.eventDeliveries.drain()).toEqual({ delivered: 0, failed: 0, parked: 0 });
      expect((await crm.eventDeliveries.list({ where: { status: "parked" } })).items).toMatchObject([
        { attempts: 5, lastError: "no t1", subscriber: "crm-sync", eventName: "team.created", recordId: "t1" },
      ]);
      expect(got).toEqual([]);
    }),
    crmFact("sends again what was parked, with all its attempts", async (bench) => {
      let down = true;
      const { crm, got } = await open(bench, { fails: () => down, outbox: { maxAttempts: 1 } });
      await crm.teams.create({ id: "t1", name: "A" });
      expect(await crm.eventDeliveries.drain()).toMatchObject({ parked: 1 });
      down = false;
      expect(await crm.eventDeliveries.drain()).toMatchObject({ delivered: 0 });
      const [parked] = (await crm.eventDeliveries.list({ where: { status: "parked" } })).items;
      expect(await crm.eventDeliveries.sendAgain(parked!.id)).toMatchObject({ status: "pending", attempts: 0 });
      expect(await crm.eventDeliveries.sendAgain(parked!.id)).toMatchObject({
        status: "pending",
        version: parked!.version + 1,
      });
      expect(await crm.eventDeliveries.drain()).toMatchObject({ delivered: 1 });
      expect(names(got)).toEqual(["team.created t1"]);
      expect(await refused(crm.eventDeliveries.sendAgain(parked!.id))).toMatchObject({ code: "not_found" });
    }),
    crmFact(
      "keeps the order of each record: what fails holds back what follows it, and nothing else",
      async (bench) => {
        let down = true;
        const { crm, got } = await open(bench, { fails: ({ recordId }) => down && recordId === "t1" });
        await crm.teams.create({ id: "t1", name: "A" });
        await crm.teams.create({ id: "t2", name: "B" });
        await crm.teams.update("t1", { name: "C" });
        await crm.teams.update("t2", { name: "D" });
        expect(await crm.eventDeliveries.drain()).toEqual({ delivered: 2, failed: 1, parked: 0 });
        expect(names(got)).toEqual(["team.created t2", "team.updated t2"]);
        bench.clock.set("2026-06-15T10:00:01Z");
        down = false;
        await crm.teams.update("t1", { name: "E" });
        expect(await crm.eventDeliveries.drain()).toEqual({ delivered: 3, failed: 0, parked: 0 });
        expect(names(got).slice(2)).toEqual(["team.created t1", "team.updated t1", "team.updated t1"]);
        expect(got.slice(2).map(({ data }) => (data as { version: number }).version)).toEqual([1, 2, 3]);
      },
    ),
    crmFact("holds nothing back for what is parked", async (bench) => {
      const { crm, got } = await open(bench, {
        fails: ({ name }) => name === "team.created",
        outbox: { maxAttempts: 1 },
      });
      await crm.teams.create({ id: "t1", name: "A" });
      await crm.teams.update("t1", { name: "B" });
      expect(await crm.eventDeliveries.drain()).toEqual({ delivered: 1, failed: 0, parked: 1 });
      expect(names(got)).toEqual(["team.updated t1"]);
    }),
    crmFact("never gives one delivery to two drains at once", async (bench) => {
      let most = 0;
      let now = 0;
      const { crm, got } = await open(bench, {
        fails: async () => {
          most = Math.max(most, ++now);
          await pause(2);
          now--;
          return false;
        },
      });
      for (const id of ["t1", "t2", "t3"]) await crm.teams.create({ id, name: "A" });
      for (const id of ["t1", "t2", "t3"]) await crm.teams.update(id, { name: "B" });
      const drains = await Promise.all([
        crm.eventDeliveries.drain(),
        crm.eventDeliveries.drain(),
        crm.eventDeliveries.drain(),
      ]);
      const sum = () => drains.reduce((total, { delivered }) => total + delivered, 0);
      while (sum() < 6) drains.push(await crm.eventDeliveries.drain());
      expect(sum()).toBe(6);
      expect(names(got).toSorted()).toEqual([
        "team.created t1",
        "team.created t2",
        "team.created t3",
        "team.updated t1",
        "team.updated t2",
        "team.updated t3",
      ]);
      for (const id of ["t1", "t2", "t3"])
        expect(names(got.filter(({ recordId }) => recordId === id))).toEqual([
          `team.created ${id}`,
          `team.updated ${id}`,
        ]);
      expect(most).toBeLessThanOrEqual(3);
    }),
    crmFact(
      "delivers again, with the same id, what was delivered and not taken off: after the claim has run out",
      async (bench) => {
        const options = await bench.options();
        let crashing = true;
        const storage = failing(options.storage, (steps) => crashing && steps.some(({ kind }) => kind === "delete"));
        const got: Got[] = [];
        const crm = await createCrm({ ...options, storage, plugins: [syncing(got)] });
        await crm.teams.create({ id: "t1", name: "A" });
        await crm.teams.update("t1", { name: "B" });
        expect(await failure(crm.eventDeliveries.drain())).toEqual(new Error("The power has failed."));
        expect(names(got)).toEqual(["team.created t1"]);
        crashing = false;
        // Somebody may still be at it: neither it nor what follows it is touched.
        expect(await crm.eventDeliveries.drain()).toEqual({ delivered: 0, failed: 0, parked: 0 });
        bench.clock.set("2026-06-15T10:00:59Z");
        expect(await crm.eventDeliveries.drain()).toEqual({ delivered: 0, failed: 0, parked: 0 });
        bench.clock.set("2026-06-15T10:01:00Z");
        expect(await crm.eventDeliveries.drain()).toEqual({ delivered: 2, failed: 0, parked: 0 });
        expect(names(got)).toEqual(["team.created t1", "team.created t1", "team.updated t1"]);
        expect(got[1]!.id).toBe(got[0]!.id);
      },
    ),
    crmFact("leaves a delivery to whoever has taken it over from a drain that was too slow", async (bench) => {
      const waiting: (() => void)[] = [];
      const { crm, got } = await open(bench, {
        fails: () =>
          new Promise((resolve) => {
            waiting.push(() => resolve(false));
          }),
      });
      await crm.teams.create({ id: "t1", name: "A" });
      const slow = crm.eventDeliveries.drain();
      while (waiting.length < 1) await crm.eventDeliveries.count();
      bench.clock.set("2026-06-15T10:05:00Z");
      const quick = crm.eventDeliveries.drain();
      while (waiting.length < 2) await crm.eventDeliveries.count();
      waiting[0]!();
      expect(await slow).toMatchObject({ delivered: 1 });
      expect(await crm.eventDeliveries.count()).toBe(1);
      waiting[1]!();
      expect(await quick).toMatchObject({ delivered: 1 });
      expect([await crm.eventDeliveries.count(), got.length, new Set(got.map(({ id }) => id)).size]).toEqual([0, 2, 1]);
    }),
    crmFact("gives up waiting for a subscriber that never ends, and counts that as a failure", async (bench) => {
      const { crm } = await open(bench, { fails: () => new Promise(() => {}), outbox: { deliverTimeoutMs: 20 } });
      await crm.teams.create({ id: "t1", name: "A" });
      expect(await crm.eventDeliveries.drain()).toEqual({ delivered: 0, failed: 1, parked: 0 });
      expect((await crm.eventDeliveries.list()).items).toMatchObject([
        { attempts: 1, lastError: "The subscriber has not ended within 20 ms.", claimedUntil: null },
      ]);
    }),
    crmFact("keeps the words of whatever a subscriber throws", async (bench) => {
      const thrown: unknown[] = [
        null,
        undefined,
        "text",
        Object.create(null),
        new Error(`\0 \ud800 ${"x".repeat(20_000)}`),
      ];
      const { crm } = await open(bench, {
        fails: () => {
          throw thrown.shift();
        },
      });
      for (const id of ["t1", "t2", "t3", "t4", "t5"]) await crm.teams.create({ id, name: "A" });
      expect(await crm.eventDeliveries.drain()).toMatchObject({ failed: 5 });
      expect((await crm.eventDeliveries.list()).items.map(({ lastError }) => lastError!.slice(0, 40))).toEqual([
        "null",
        "undefined",
        "text",
        "something that cannot be printed",
        `\ufffd \ufffd ${"x".repeat(36)}`,
      ]);
    }),
    crmFact("stops where it is told to: after so many, or at an instant", async (bench) => {
      const { crm, got } = await open(bench, {
        fails: () => {
          bench.clock.set(new Date(bench.clock.now() + 1_000).toISOString());
          return false;
        },
      });
      for (const id of ["t1", "t2", "t3", "t4", "t5"]) await crm.teams.create({ id, name: "A" });
      expect(await crm.eventDeliveries.drain({ limit: 2 })).toMatchObject({ delivered: 2 });
      expect(await crm.eventDeliveries.drain({ until: new Date(bench.clock.now() + 1_000) })).toMatchObject({
        delivered: 2,
      });
      expect(await crm.eventDeliveries.drain({ until: new Date(0) })).toMatchObject({ delivered: 0 });
      expect(names(got).at(-1)).toBe("team.created t4");
      for (const options of [{ limit: 0 }, { limit: 1.5 }, { until: 5 }, { most: 5 }, null, "x"])
        expect(await refused(crm.eventDeliveries.drain(options as never))).toMatchObject({ code: "invalid_input" });
    }),
    crmFact("leaves alone what is for a subscriber that is not installed here", async (bench) => {
      const options = await bench.options();
      let storage: Storage | undefined;
      const kept: StorageAdapter = {
        name: "kept",
        open: async (storageOptions) => {
          storage ??= await options.storage.open(storageOptions);
          return storage;
        },
      };
      const got: Got[] = [];
      const first = await createCrm({ ...options, storage: kept, plugins: [syncing(got)] });
      await first.teams.create({ id: "t1", name: "A" });
      const without = await createCrm({ ...options, storage: kept });
      expect(await without.eventDeliveries.drain()).toEqual({ delivered: 0, failed: 0, parked: 0 });
      const other = await createCrm({
        ...options,
        storage: kept,
        subscribers: { other: { on: ["team.created"], deliver() {} } },
      });
      expect(await other.eventDeliveries.drain()).toEqual({ delivered: 0, failed: 0, parked: 0 });
      expect(await first.eventDeliveries.drain()).toEqual({ delivered: 1, failed: 0, parked: 0 });
    }),
    crmFact("is written by nobody but the outbox, and drained outside of transactions", async (bench) => {
      const { crm } = await open(bench);
      await crm.teams.create({ id: "t1", name: "A" });
      const [waiting] = (await crm.eventDeliveries.list()).items;
      expect(await refused(crm.eventDeliveries.delete(waiting!.id))).toMatchObject({ code: "read_only_entity" });
      expect(await refused(crm.eventDeliveries.update(waiting!.id, { attempts: 0 } as never))).toMatchObject({
        code: "read_only_entity",
      });
      await crm.transaction(async (tx) => {
        expect(await refused(tx.eventDeliveries.drain())).toMatchObject({ code: "outer_handle" });
      });
    }),
    crmFact("drains by itself where that is asked for, until the CRM is closed", async (bench) => {
      const errors: unknown[] = [];
      const { crm, got } = await open(bench, { outbox: { drainEveryMs: 5 }, onError: (error) => errors.push(error) });
      await crm.teams.create({ id: "t1", name: "A" });
      const started = performance.now();
      while (got.length === 0 && performance.now() - started < 5_000) await pause(1);
      await crm.close();
      expect(names(got)).toEqual(["team.created t1"]);
      await pause(20);
      expect(errors).toEqual([]);
    }),
  ],
};
