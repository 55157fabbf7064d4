/** Units of work: whole or not at all, with parts that may fail by themselves. */

import { CrmError } from "@relata/core";
import { expect } from "vitest";
import { failure, refused } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";
import type { SampleCrm } from "./sample-crm.ts";

const crates = async (crm: Pick<SampleCrm, "crates">) =>
  (await crm.crates.list({ archived: "include" })).items.map(({ id }) => id).join(" ");

const noCalls = { begin: 0, find: 0, aggregate: 0, traverse: 0, write: 0, savepoint: 0, commit: 0, rollback: 0 };

export const units: CrmSuite = {
  name: "units of work",
  facts: [
    crmFact("keep everything when they end, and return what the work returns", async (bench) => {
      const crm = await bench.open();
      const result = await crm.transaction(async (tx) => {
        await tx.crates.create({ id: "c1" });
        await tx.crates.update("c1", { label: "x" });
        await tx.specimens.create({ code: "a", crateId: "c1" });
        return { answer: 42 };
      });
      expect(result).toEqual({ answer: 42 });
      expect(await crm.crates.get("c1")).toMatchObject({ label: "x", version: 2 });
      expect(await crm.specimens.count()).toBe(1);
    }),
    crmFact("keep nothing when the work throws, and throw the same", async (bench) => {
      const crm = await bench.open();
      await crm.crates.createMany([{ id: "c1", label: "x" }, { id: "c2" }]);
      const thrown = { not: "an error" };
      const error = await failure(
        crm.transaction(async (tx) => {
          await tx.crates.create({ id: "c3" });
          await tx.crates.update("c1", { label: "y" });
          await tx.crates.delete("c2");
          await tx.crates.archive("c1");
          await tx.specimens.createMany([{ code: "a" }, { code: "b" }]);
          throw thrown;
        }),
      );
      expect(error).toBe(thrown);
      expect(await crates(crm)).toBe("c1 c2");
      expect(await crm.crates.get("c1")).toMatchObject({ label: "x", version: 1, archivedAt: null });
      expect(await crm.specimens.count()).toBe(0);
    }),
    crmFact("read what they have written, in every way of reading", async (bench) => {
      const crm = await bench.open();
      await crm.transaction(async (tx) => {
        await tx.crates.create({ id: "c1", label: "x" });
        await tx.specimens.create({ code: "a", crateId: "c1" });
        expect(await tx.crates.count()).toBe(1);
        expect((await tx.crates.get("c1", { include: { specimens: true } })).specimens).toHaveLength(1);
        expect((await tx.specimens.find({ where: { crate: { label: "x" } } }))?.code).toBe("a");
        expect((await tx.crates.upsert({ id: "c1", label: "x" }, { by: "id" })).status).toBe("unchanged");
      });
    }),
    crmFact("nest: an inner one that ends belongs to the outer one", async (bench) => {
      const crm = await bench.open();
      await crm.transaction(async (tx) => {
        await tx.crates.create({ id: "c1" });
        await tx.transaction(async (inner) => {
          await inner.crates.create({ id: "c2" });
          await inner.transaction((innermost) => innermost.crates.create({ id: "c3" }));
        });
        expect(await crates(tx)).toBe("c1 c2 c3");
      });
      expect(await crates(crm)).toBe("c1 c2 c3");
      await failure(
        crm.transaction(async (tx) => {
          await tx.transaction((inner) => inner.crates.create({ id: "c4" }));
          throw new Error("no");
        }),
      );
      expect(await crates(crm)).toBe("c1 c2 c3");
    }),
    crmFact("nest: an inner one that throws is undone alone, when that is caught", async (bench) => {
      const crm = await bench.open();
      await crm.transaction(async (tx) => {
        await tx.crates.create({ id: "c1" });
        const error = await failure(
          tx.transaction(async (inner) => {
            await inner.crates.create({ id: "c2" });
            await inner.transaction((innermost) => innermost.crates.create({ id: "c3" }));
            await inner.crates.update("c1", { label: "x" });
            throw new Error("inner");
          }),
        );
        expect(error).toEqual(new Error("inner"));
        await tx.crates.create({ id: "c4" });
      });
      expect(await crates(crm)).toBe("c1 c4");
      expect(await crm.crates.get("c1")).toMatchObject({ label: null, version: 1 });
    }),
    crmFact("nest: a statement that fails in an inner one leaves the outer one good", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c1" });
      await crm.transaction(async (tx) => {
        await tx.crates.create({ id: "c2" });
        const error = await failure(tx.transaction((inner) => inner.crates.create({ id: "c1" })));
        expect(CrmError.is(error, "not_unique")).toBe(true);
        await tx.crates.create({ id: "c3" });
      });
      expect(await crates(crm)).toBe("c1 c2 c3");
    }),
    crmFact("that went on after a failed statement keep nothing, and say why", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c1" });
      const error = await failure(
        crm.transaction(async (tx) => {
          await tx.crates.create({ id: "c2" });
          await tx.crates.create({ id: "c1" }).catch(() => {});
          return "all is well";
        }),
      );
      expect(error).toMatchObject({
        code: "unit_failed",
        cause: { code: "not_unique", details: { entity: "crate", field: "id" } },
      });
      expect(await crates(crm)).toBe("c1");
    }),
    crmFact("refuse every further call after a failed statement, with that failure as the cause", async (bench) => {
      const crm = await bench.open();
      await failure(
        crm.transaction(async (tx) => {
          await failure(tx.samples.create({ id: "s1", crateId: "c9" }));
          for (const call of [
            () => tx.crates.create({ id: "c2" }),
            () => tx.crates.list(),
            () => tx.crates.count(),
            () =>
              tx.crates
                .validate({ create: { id: "c3" } })
                .then((verdict) => verdict.ok || Promise.reject(verdict.error)),
            () => tx.transaction((inner) => inner.crates.create({ id: "c4" })),
            () => tx.opportunities.create({ name: "x" }),
          ]) {
            expect(await failure(call())).toMatchObject({
              code: "unit_failed",
              cause: { code: "reference_not_found" },
            });
          }
        }),
      );
      expect(await crates(crm)).toBe("");
    }),
    crmFact("fail where a failed inner one was told to go on", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c1" });
      await crm.transaction(async (tx) => {
        await tx.crates.create({ id: "c2" });
        const error = await failure(
          tx.transaction(async (inner) => {
            await inner.crates.create({ id: "c3" });
            await failure(inner.crates.create({ id: "c1" }));
          }),
        );
        expect(error).toMatchObject({ code: "unit_failed", cause: { code: "not_unique" } });
      });
      expect(await crates(crm)).toBe("c1 c2");
    }),
    crmFact("are not failed by input that is refused before anything is sent", async (bench) => {
      const crm = await bench.open();
      await crm.transaction(async (tx) => {
        await tx.crates.create({ id: "c1" });
        expect(await refused(tx.crates.create({ id: "c2", label: 5 } as never))).toMatchObject({
          code: "invalid_input",
        });
        expect(await refused(tx.crates.get("c9"))).toMatchObject({ code: "not_found" });
        expect(await refused(tx.crates.update("c9", {}))).toMatchObject({ code: "not_found" });
        expect(await refused(tx.crates.update("c1", { label: "x" }, { version: 9 }))).toMatchObject({
          code: "stale_version",
        });
        expect(await refused(tx.crates.list({ where: { nothing: 1 } } as never))).toMatchObject({
          code: "invalid_query",
        });
        expect(await refused(tx.crates.list({ after: "x" }))).toMatchObject({ code: "invalid_cursor" });
        expect(
          await refused(tx.opportunities.create({ name: "x", amount: { amount: "x", currency: "EUR" } })),
        ).toMatchObject({ code: "invalid_input" });
        expect(await refused(tx.users.create({ id: "u", name: "U", managerId: "u" }))).toMatchObject({
          code: "hierarchy_cycle",
        });
        await tx.crates.create({ id: "c3" });
      });
      expect(await crates(crm)).toBe("c1 c3");
    }),
    crmFact("refuse what is called after they have ended", async (bench) => {
      const crm = await bench.open();
      let kept: SampleCrm | undefined;
      await crm.transaction(async (tx) => {
        kept = tx;
        await tx.crates.create({ id: "c1" });
      });
      for (const call of [
        () => kept!.crates.create({ id: "c2" }),
        () => kept!.crates.list(),
        () => kept!.transaction(async () => {}),
        () => kept!.as({ actorId: "x" }).crates.count(),
        () => kept!.opportunities.board(),
      ]) {
        expect(await refused(call())).toEqual({ code: "unit_closed" });
      }
      expect(await crates(crm)).toBe("c1");
    }),
    crmFact("keep nothing of a call that was not awaited", async (bench) => {
      const crm = await bench.open();
      let late: Promise<unknown> | undefined;
      await failure(
        crm.transaction(async (tx) => {
          await tx.crates.create({ id: "c1" });
          late = failure(tx.crates.create({ id: "c2" }));
          throw new Error("no");
        }),
      );
      expect(await late).toMatchObject({ code: "unit_closed" });
      expect(await crates(crm)).toBe("");
    }),
    crmFact("take parallel calls one after the other", async (bench) => {
      const crm = await bench.open();
      await crm.transaction(async (tx) => {
        await tx.crates.create({ id: "c0" });
        await Promise.all(
          Array.from({ length: 20 }, (_, number) => tx.crates.create({ id: `c${number + 1}`, outerId: "c0" })),
        );
        await Promise.all([
          tx.transaction((inner) => inner.crates.update("c1", { label: "x" })),
          tx.transaction((inner) => inner.crates.update("c2", { label: "x" })),
          tx.crates.update("c3", { label: "x" }),
          tx.opportunities.create({ name: "x" }),
        ]);
      });
      expect(await crm.crates.count()).toBe(21);
      expect(await crm.crates.count({ where: { label: "x", version: 2 } })).toBe(3);
    }),
    crmFact("begin only when something is read or written in them", async (bench) => {
      const { crm, calls } = await bench.openCounted();
      await crm.transaction(async () => {});
      await crm.transaction((tx) => tx.transaction(async () => {}));
      expect(await failure(crm.transaction(async () => Promise.reject(new Error("no"))))).toEqual(new Error("no"));
      expect(calls).toEqual({ ...noCalls, begin: 0, find: 0, write: 0, commit: 0 });
      await crm.transaction(async (tx) => {
        await tx.transaction(async () => {});
        await tx.specimens.create({ code: "a" });
      });
      expect(calls).toEqual({ ...noCalls, begin: 1, find: 0, write: 1, commit: 1 });
    }),
    crmFact("are not begun for a single statement", async (bench) => {
      const { crm, calls } = await bench.openCounted();
      const { id } = await crm.specimens.create({ code: "a" });
      await crm.specimens.createMany([{ code: "b" }, { code: "c" }]);
      await crm.specimens.update(id, { note: "x" });
      await crm.specimens.list({ include: { samples: true } });
      expect(calls).toEqual({ ...noCalls, begin: 0, find: 2, write: 3, commit: 0 });
    }),
    crmFact("are begun for an id that the caller chose: there may have been such a record before", async (bench) => {
      const { crm, calls } = await bench.openCounted();
      await crm.crates.create({ id: "c1" });
      expect(calls).toEqual({ ...noCalls, begin: 1, find: 1, write: 1, commit: 1 });
    }),
    crmFact("have one instant for all that they write", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c0" });
      bench.clock.set("2026-06-15T11:00:00Z");
      await crm.transaction(async (tx) => {
        await tx.crates.create({ id: "c1" });
        bench.clock.set("2026-06-15T12:00:00Z");
        await tx.crates.create({ id: "c2" });
        await tx.transaction((inner) => inner.crates.update("c0", { label: "x" }));
        bench.clock.set("2026-06-15T13:00:00Z");
        await tx.opportunities.create({ name: "x" });
        await tx.crates.archive("c0");
      });
      const eleven = new Date("2026-06-15T11:00:00Z");
      expect((await crm.crates.list({ archived: "include" })).items.map(({ updatedAt }) => updatedAt)).toEqual([
        eleven,
        eleven,
        eleven,
      ]);
      expect((await crm.crates.get("c0")).archivedAt).toEqual(eleven);
      expect(await crm.opportunities.find({})).toMatchObject({ createdAt: eleven, stageEnteredAt: eleven });
      expect(await crm.opportunityStageEntries.find({})).toMatchObject({ enteredAt: eleven });
    }),
  ],
};
