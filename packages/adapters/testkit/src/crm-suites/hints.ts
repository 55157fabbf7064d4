/** Hints: a drain in the background wakes when there is something to deliver, whoever has written it. */
import { type CrmOptions, createCrm, defineEntity, planMigrations } from "@relata/core";
import type { Storage } from "@relata/core/adapter";
import { expect } from "vitest";
import { pause } from "../bench/pause.ts";
import { failure } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import { sharedStorage } from "./shared-storage.ts";

/** So seldom that only a hint can have woken a drain. */
const SELDOM = { drainEveryMs: 3_600_000 };

function copying(got: string[]) {
  return {
    copies: {
      on: ["team.created"],
      deliver: (_: unknown, event: { recordId: string }) => void got.push(event.recordId),
    },
  } as const;
}

async function open(bench: CrmBench, more: Partial<CrmOptions> = {}) {
  const got: string[] = [];
  const errors: unknown[] = [];
  const crm = await createCrm({
    ...(await bench.options()),
    outbox: SELDOM,
    onError: (error) => errors.push(error),
    ...more,
    subscribers: copying(got),
  });
  return { crm, got, errors };
}

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; waited < 5_000 && !holds(); waited += 5) await pause(5);
  expect(holds()).toBe(true);
}

/** The storage, which counts the hints that it is given. */
function countedHints(storage: CrmOptions["storage"], given: { hints: number }): CrmOptions["storage"] {
  return sharedStorage(storage, (sound: Storage) => ({
    hint() {
      given.hints++;
      sound.hint();
    },
  }));
}

export const hints: CrmSuite = {
  name: "hints",
  facts: [
    crmFact(
      "wake a drain after a single write, after a unit, and after an event of the application's own",
      async (bench) => {
        const { crm, got, errors } = await open(bench);
        await crm.teams.create({ id: "t1", name: "A" });
        await until(() => got.length === 1);
        await crm.transaction(async (tx) => {
          await tx.teams.create({ id: "t2", name: "B" });
          await tx.teams.create({ id: "t3", name: "C" });
        });
        await until(() => got.length === 3);
        expect(got).toEqual(["t1", "t2", "t3"]);
        await crm.close();
        expect(errors).toEqual([]);
      },
    ),
    crmFact("wake the drain of another CRM on the same database", async (bench) => {
      const options = await bench.options();
      const storage = sharedStorage(options.storage);
      const { crm, got } = await open(bench, { ...options, storage });
      const writing = await createCrm({ ...options, storage, subscribers: copying([]) });
      await writing.as({ tenantId: "other" }).teams.create({ id: "t1", name: "A" });
      await until(() => got.length === 1);
      expect(got).toEqual(["t1"]);
      await crm.close();
    }),
    crmFact("are few where writes are many, and none is lost", async (bench) => {
      const options = await bench.options();
      const given = { hints: 0 };
      const { crm, got } = await open(bench, { ...options, storage: countedHints(options.storage, given) });
      const started = performance.now();
      for (let i = 0; i < 100; i++) await crm.teams.create({ id: `t${i}`, name: "A" });
      await until(() => got.length === 100);
      const elapsed = performance.now() - started;
      expect(given.hints).toBeGreaterThanOrEqual(1);
      expect(given.hints).toBeLessThanOrEqual(2 + elapsed / 50);
      await crm.close();
    }),
    crmFact("are given for nothing that is undone, or that nobody is to be told of", async (bench) => {
      const options = await bench.options();
      const given = { hints: 0 };
      const { crm, got } = await open(bench, { ...options, storage: countedHints(options.storage, given) });
      crm.on("user.created", () => {});
      await crm.users.create({ id: "u1", name: "U" });
      await failure(
        crm.transaction(async (tx) => {
          await tx.teams.create({ id: "t1", name: "A" });
          throw new Error("no");
        }),
      );
      await crm.teams.validate({ create: { id: "t2", name: "B" } });
      await pause(80);
      expect([given.hints, got]).toEqual([0, []]);
      await crm.close();
    }),
    crmFact("wake nothing once the CRM is closed", async (bench) => {
      const options = await bench.options();
      const storage = sharedStorage(options.storage, () => ({ close: async () => {} }));
      const { crm, got, errors } = await open(bench, { ...options, storage });
      await crm.close();
      const writing = await createCrm({ ...options, storage, subscribers: copying([]) });
      await writing.teams.create({ id: "t1", name: "A" });
      await pause(80);
      expect([got, errors]).toEqual([[], []]);
      expect(await writing.eventDeliveries.count()).toBe(1);
    }),
    crmFact("and the time wake no drain of a CRM that was only planned, or failed to open", async (bench) => {
      const errors: unknown[] = [];
      const outbox = { drainEveryMs: 1 };
      const onError = (error: unknown) => errors.push(error);
      const subscribers = copying([]);
      await planMigrations({ ...(await bench.options()), outbox, onError, subscribers } as never);
      // No database of another fact has the tables for it.
      const entities = [defineEntity("unheardOf", { plural: "unheardOfs", fields: {} })];
      const options = { ...(await bench.options()), entities, outbox, onError, subscribers };
      const opening = createCrm({ ...options, migrate: "verify" } as never);
      expect(await failure(opening)).toMatchObject({ code: "schema_mismatch" });
      await pause(50);
      expect(errors).toEqual([]);
    }),
  ],
};
