/** merge: events, hooks, units, tenants, and many records. */
import { createCrm } from "@relata/core";
import { defineEntity, definePlugin, integer, text } from "@relata/core/plugin";
import { expect } from "vitest";
import { failure, refused } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";
import { idsOf, nowhere, twoCrates } from "./merging-fixture.ts";
import { everything, idsTo, openTangled, tangledEntities } from "./tangle.ts";

export const mergingUnits: CrmSuite = {
  name: "merging with hooks, units and tenants",
  facts: [
    crmFact("tells of each change, and then of the whole, live and for certain", async (bench) => {
      const got: unknown[] = [];
      const crm = await createCrm({
        ...(await bench.options()),
        entities: tangledEntities,
        subscribers: {
          mirror: { on: ["crate.merged"], deliver: (_, { recordId, data }) => void got.push([recordId, data]) },
        },
      });
      await twoCrates(crm);
      await crm.badges.createMany([
        { id: "g1", crateId: "c1" },
        { id: "g2", crateId: "c2" },
      ]);
      await crm.samples.create({ id: "s1", crateId: "c2" });
      const heard: string[] = [];
      for (const name of [
        "crate.merged",
        "crate.updated",
        "crate.deleted",
        "badge.deleted",
        "sample.updated",
        "merge.created",
      ] as const)
        crm.on(name, (event) => heard.push(`${event.name} ${name === "merge.created" ? "" : event.recordId}`.trim()));
      const { mergeId } = await crm.crates.merge("c1", "c2", { values: { label: "one" } });
      expect(heard).toEqual([
        "sample.updated s1",
        "crate.updated c1",
        "badge.deleted g2",
        "crate.deleted c2",
        "merge.created",
        "crate.merged c1",
      ]);
      await crm.eventDeliveries.drain();
      expect(got).toEqual([["c1", { mergeId, survivorId: "c1", otherId: "c2" }]]);
    }),
    crmFact(
      "asks the hooks of plugins first: they see both, move what is theirs, and add to the survivor",
      async (bench) => {
        const seen: unknown[] = [];
        const shelf = defineEntity("shelf", {
          plural: "shelves",
          ids: "app",
          fields: { crate: text().indexed() },
        });
        const shelves = definePlugin({
          id: "shelves",
          entities: [shelf],
          extend: { team: { seats: integer().optional().written("operations") } },
          services: (context) => ({
            seat: async (id: string, seats: number) => context.teams.update(id, { seats }),
          }),
          hooks: {
            team: {
              async merging(context, batch) {
                const [{ survivor, other, input, mergeId }] = batch as [(typeof batch)[0]];
                seen.push([survivor.id, other.id, input, mergeId.length]);
                const { items } = await context.shelves.list({ where: { crate: other.id } });
                await context.shelves.updateMany(items.map(({ id }) => ({ id, crate: survivor.id })));
                return [{ seats: (survivor.seats ?? 0) + (other.seats ?? 0) }];
              },
            },
          },
        });
        const crm = await createCrm({ ...(await bench.options()), plugins: [shelves] });
        await crm.users.create({ id: "ann", name: "Ann" });
        await crm.teams.createMany([
          { id: "t1", name: "One" },
          { id: "t2", name: "Two", managerId: "ann" },
        ]);
        await crm.shelves.seat("t1", 2);
        await crm.shelves.seat("t2", 3);
        await crm.shelves.create({ id: "x", crate: "t2" });
        const { record } = await crm.teams.merge("t1", "t2", { values: { name: "Both" } });
        expect(record).toMatchObject({ name: "Both", managerId: "ann", seats: 5 });
        expect(seen).toEqual([["t1", "t2", { name: "Both", managerId: "ann" }, 36]]);
        expect(await crm.shelves.get("x")).toMatchObject({ crate: "t1" });
        await crm.teams.create({ id: "t3", name: "Three" });
        const taken = crm.teams.merge("t1", "t3", { take: { seats: "other" } as never });
        expect(await failure(taken)).toMatchObject({
          code: "invalid_input",
          details: { issues: [{ field: "seats", code: "read_only_field" }] },
        });
      },
    ),
    crmFact("is undone whole where a hook refuses it or gives nonsense", async (bench) => {
      let answer: () => unknown = () => undefined;
      const guard = definePlugin({
        id: "guard",
        errors: { kept_apart: "Teams of {country} are kept apart." },
        hooks: {
          team: {
            async merging(context, [merge]) {
              await context.users.create({ id: `clerk of ${merge!.other.id}`, name: "Clerk" });
              if (merge!.other.name === "apart") throw context.error("kept_apart", { country: "Wales" });
              return answer() as never;
            },
          },
        },
      });
      const crm = await createCrm({ ...(await bench.options()), plugins: [guard] });
      await crm.teams.createMany([
        { id: "t1", name: "One" },
        { id: "t2", name: "apart" },
        { id: "t3", name: "Three" },
      ]);
      expect(await failure(crm.teams.merge("t1", "t2"))).toMatchObject({ code: "kept_apart" });
      for (const [value, code] of [
        ["yes", "hook_invalid"],
        [[{}, {}], "hook_invalid"],
        [[{ name: 7 }], "invalid_input"],
        [[{ version: 9 }], "invalid_input"],
      ] as const) {
        answer = () => value;
        expect((await failure(crm.teams.merge("t1", "t3"))) as { code?: string }).toMatchObject({ code });
      }
      expect([await crm.teams.count(), await crm.users.count(), await crm.merges.count()]).toEqual([3, 0, 0]);
      answer = () => [undefined];
      await crm.teams.merge("t1", "t3");
      expect([await crm.teams.count(), await crm.users.count(), await crm.merges.count()]).toEqual([2, 1, 1]);
    }),
    crmFact("asks the hooks of what is moved, dropped and deleted as any other write", async (bench) => {
      const seen: string[] = [];
      const watcher = definePlugin({
        id: "watcher",
        hooks: {
          team: {
            beforeDelete: async (_, batch) => void seen.push(`going ${batch.map(({ before }) => before.id).join()}`),
            after: async (_, batch) =>
              void seen.push(`team ${batch.map(({ before, after }) => (after ?? before)!.id).join()}`),
          },
          user: {
            after: async (_, batch) => void seen.push(`users ${batch.map(({ after }) => after?.teamId).join()}`),
          },
        },
      });
      const crm = await createCrm({ ...(await bench.options()), plugins: [watcher] });
      await crm.teams.createMany([
        { id: "t1", name: "One" },
        { id: "t2", name: "Two" },
      ]);
      await crm.users.createMany([
        { id: "ann", name: "Ann", teamId: "t2" },
        { id: "bob", name: "Bob", teamId: "t2" },
      ]);
      seen.length = 0;
      await crm.teams.merge("t1", "t2");
      expect(seen).toEqual(["going t2", "users t1,t1", "team t2"]);
    }),
    crmFact("happens once, when it is asked for twice at the same time", async (bench) => {
      const crm = await openTangled(bench);
      await twoCrates(crm);
      await crm.samples.createMany([
        { id: "s1", crateId: "c1" },
        { id: "s2", crateId: "c2" },
      ]);
      const results = await Promise.allSettled([crm.crates.merge("c1", "c2"), crm.crates.merge("c2", "c1")]);
      expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      const { survivorId } = (await crm.merges.find({}))!;
      expect(await idsOf(crm.crates.list())).toBe(`${survivorId} c3`);
      expect(await crm.samples.count({ where: { crateId: survivorId } })).toBe(2);
    }),
    crmFact("inside of a unit is part of it", async (bench) => {
      const crm = await openTangled(bench);
      await twoCrates(crm);
      await crm.samples.create({ id: "s1", crateId: "c2" });
      const before = await everything(crm);
      const undone = new Error("undone");
      const unit = crm.transaction(async (tx) => {
        await tx.crates.merge("c1", "c2");
        expect(await tx.samples.get("s1")).toMatchObject({ crateId: "c1" });
        expect(await tx.merges.count()).toBe(1);
        throw undone;
      });
      await expect(unit).rejects.toBe(undone);
      expect(await everything(crm)).toEqual(before);
      expect(await crm.merges.count()).toBe(0);
    }),
    crmFact("is refused in the past, and dated after the last change of both", async (bench) => {
      const crm = await openTangled(bench);
      const early = new Date("2026-02-01T00:00:00Z");
      await crm.at(new Date("2026-01-01T00:00:00Z")).crates.createMany([{ id: "c1" }, { id: "c2" }]);
      await crm.at(new Date("2026-01-01T00:00:00Z")).samples.create({ id: "s1", crateId: "c2" });
      await crm.at(new Date("2026-03-01T00:00:00Z")).crates.create({ id: "c3" });
      expect((await refused(crm.asOf(early).crates.merge("c1", "c2"))).code).toBe("past_is_read_only");
      expect((await refused(crm.asOf(early).crates.unmerge(nowhere))).code).toBe("past_is_read_only");
      expect((await refused(crm.at(early).crates.merge("c3", "c2"))).code).toBe("backdated_before_change");
      const { mergeId } = await crm.at(early).crates.merge("c1", "c2");
      expect(await crm.merges.get(mergeId)).toMatchObject({ mergedAt: early });
      expect(await crm.asOf(new Date("2026-01-15T00:00:00Z")).samples.get("s1")).toMatchObject({ crateId: "c2" });
      expect(await crm.asOf(early).samples.get("s1")).toMatchObject({ crateId: "c1" });
    }),
    crmFact("tells where a record went, one merge after another", async (bench) => {
      const crm = await openTangled(bench);
      await twoCrates(crm);
      await crm.crates.merge("c2", "c3");
      await crm.crates.merge("c1", "c2");
      const went = async (otherId: string) =>
        (await crm.merges.find({ where: { entityType: "crate", otherId } }))?.survivorId;
      expect([await went("c3"), await went("c2"), await went("c1")]).toEqual(["c2", "c1", undefined]);
    }),
    crmFact("is of one tenant", async (bench) => {
      const crm = await openTangled(bench);
      const other = crm.as({ tenantId: "t2" });
      await twoCrates(crm);
      await other.crates.createMany([{ id: "c2" }, { id: "d1" }]);
      await other.samples.create({ id: "s1", crateId: "c2" });
      await other.marks.create({ id: "t1", kind: "crate", target: "c2" });
      expect((await refused(crm.crates.merge("c1", "d1"))).code).toBe("not_found");
      const { mergeId } = await crm.crates.merge("c1", "c2");
      expect(await other.samples.get("s1")).toMatchObject({ crateId: "c2", version: 1 });
      expect(await other.marks.get("t1")).toMatchObject({ target: "c2", version: 1 });
      expect(await other.merges.count()).toBe(0);
      expect((await refused(other.crates.unmerge(mergeId))).code).toBe("not_found");
    }),
    crmFact("of records that only operations write is for operations", async (bench) => {
      const crm = await openTangled(bench);
      expect((await refused(crm.opportunityStageEntries.merge(nowhere, nowhere))).code).toBe("read_only_entity");
      expect((await refused(crm.merges.merge(nowhere, nowhere))).code).toBe("read_only_entity");
      expect((await refused(crm.merges.create({} as never))).code).toBe("read_only_entity");
    }),
    crmFact("moves ten thousand records with a bounded number of calls to the storage", async (bench) => {
      const { crm, calls } = await bench.openCounted();
      await crm.crates.createMany([{ id: "c1" }, { id: "c2" }]);
      await crm.samples.createMany(idsTo(10_000, "s").map((id) => ({ id, crateId: "c2" })));
      const before = { ...calls };
      const { mergeId } = await crm.crates.merge("c1", "c2");
      expect([calls.find - before.find < 40, calls.write - before.write]).toEqual([true, 3]);
      expect(await crm.samples.count({ where: { crateId: "c1" } })).toBe(10_000);
      const then = { ...calls };
      await crm.crates.unmerge(mergeId);
      expect([calls.find - then.find < 40, calls.write - then.write]).toEqual([true, 1]);
      expect(await crm.samples.count({ where: { crateId: "c2" } })).toBe(10_000);
    }),
  ],
};
