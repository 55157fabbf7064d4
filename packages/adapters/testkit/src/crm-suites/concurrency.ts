/** Many at once: nothing is lost, nothing is seen half done. */

import { CrmError, createCrm } from "@relata/core";
import { expect } from "vitest";
import { failure } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";

const twenty = Array.from({ length: 20 }, (_, number) => number);

export const concurrency: CrmSuite = {
  name: "many at once",
  facts: [
    crmFact("twenty units add up", async (bench) => {
      const crm = await bench.open();
      const { id } = await crm.specimens.create({ code: "a", weight: 0 });
      await Promise.all(
        twenty.map(() =>
          crm.transaction(
            async (tx) => {
              const { weight } = await tx.specimens.get(id);
              await Promise.resolve();
              await tx.specimens.update(id, { weight: weight! + 1 });
            },
            { isolation: "repeatable read", retries: 100 },
          ),
        ),
      );
      expect(await crm.specimens.get(id)).toMatchObject({ weight: 20, version: 21 });
    }),
    crmFact("twenty units that name the version they have read add up too, whatever the isolation", async (bench) => {
      const crm = await bench.open();
      const { id } = await crm.specimens.create({ code: "a", weight: 0 });
      await Promise.all(
        twenty.map(() =>
          crm.transaction(
            async (tx) => {
              const { weight, version } = await tx.specimens.get(id);
              await Promise.resolve();
              await tx.specimens.update(id, { weight: weight! + 1 }, { version });
            },
            { retries: 100 },
          ),
        ),
      );
      expect(await crm.specimens.get(id)).toMatchObject({ weight: 20, version: 21 });
    }),
    crmFact("twenty writers that retry a stale version add up", async (bench) => {
      const crm = await bench.open();
      const { id } = await crm.specimens.create({ code: "a", weight: 0 });
      let stale = 0;
      const increment = async (): Promise<void> => {
        const { weight, version } = await crm.specimens.get(id);
        try {
          await crm.specimens.update(id, { weight: weight! + 1 }, { version });
        } catch (error) {
          if (!CrmError.is(error, "stale_version")) throw error;
          stale++;
          await increment();
        }
      };
      await Promise.all(twenty.map(increment));
      expect(await crm.specimens.get(id)).toMatchObject({ weight: 20, version: 21 });
      expect(stale).toBeGreaterThan(0);
    }),
    crmFact("of writers with the same version exactly one wins", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c1" });
      const results = await Promise.allSettled(
        twenty.map((number) => crm.crates.update("c1", { label: String(number) }, { version: 1 })),
      );
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      for (const result of results) {
        if (result.status === "rejected")
          expect(result.reason).toMatchObject({
            code: "stale_version",
            details: { entity: "crate", id: "c1", expected: 1, actual: 2 },
          });
      }
      expect((await crm.crates.get("c1")).version).toBe(2);
    }),
    crmFact("single writes and units, of one record and of many, all happen", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c" });
      await Promise.all(
        twenty.flatMap((number): Promise<unknown>[] => [
          crm.crates.create({ id: `a${number}` }),
          crm.transaction(async (tx) => {
            await tx.crates.create({ id: `b${number}` });
            await tx.crates.create({ id: `d${number}`, outerId: `b${number}` });
          }),
          crm.opportunities.create({ name: `o${number}` }),
          failure(
            crm.transaction(async (tx) => {
              await tx.crates.create({ id: `x${number}` });
              throw new Error("no");
            }),
          ),
        ]),
      );
      expect(await crm.crates.count()).toBe(61);
      expect([
        await crm.opportunities.count(),
        await crm.pipelines.count(),
        await crm.stages.count(),
        await crm.opportunityStageEntries.count(),
      ]).toEqual([20, 1, 6, 20]);
    }),
    crmFact("racing creations of one unique value leave one record", async (bench) => {
      const crm = await bench.open();
      const results = await Promise.allSettled(twenty.map(() => crm.specimens.create({ code: "same" })));
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      const upserts = await Promise.all(
        twenty.map((weight) => crm.specimens.upsert({ code: "other", weight }, { by: "code" })),
      );
      expect(upserts.filter(({ status }) => status === "created")).toHaveLength(1);
      expect(await crm.specimens.count()).toBe(2);
    }),
    crmFact("a reader outside never sees a unit half done", async (bench) => {
      const crm = await bench.open();
      await crm.crates.createMany([
        { id: "c1", label: "0" },
        { id: "c2", label: "0" },
      ]);
      const seen: string[] = [];
      const writing = (async () => {
        for (let round = 1; round <= 10; round++) {
          await crm.transaction(async (tx) => {
            await tx.crates.update("c1", { label: String(round) });
            await Promise.resolve();
            await tx.crates.update("c2", { label: String(round) });
          });
        }
      })();
      const reading = (async () => {
        for (let round = 0; round < 30; round++) {
          const { items } = await crm.crates.list();
          seen.push(new Set(items.map(({ label }) => label)).size === 1 ? "whole" : "torn");
        }
      })();
      await Promise.all([writing, reading]);
      expect(new Set(seen)).toEqual(new Set(["whole"]));
      expect((await crm.crates.get("c2")).label).toBe("10");
    }),
    crmFact("a call that waits too long for a unit says so, and may be tried again", async (bench) => {
      const crm = await createCrm({ ...(await bench.options()), waitTimeoutMs: 1_000 });
      let release = () => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      const units: Promise<void>[] = [];
      let refusal: unknown;
      // However many units run at once, at some point there is no place left.
      while (refusal === undefined && units.length < 64) {
        await new Promise<void>((begun) => {
          const unit = crm.transaction(async (tx) => {
            await tx.teams.create({ id: `t${units.length}`, name: "A" });
            begun();
            await held;
          });
          units.push(
            unit.catch((error: unknown) => {
              refusal = error;
              begun();
            }),
          );
        });
      }
      expect(refusal).toMatchObject({ code: "unit_wait_timeout", retryable: true });
      release();
      await Promise.all(units);
      await crm.teams.create({ id: "late", name: "B" });
      expect(await crm.teams.count()).toBe(units.length);
    }),
  ],
};
