/** update and updateMany: guarded by versions, and silent where nothing changes. */

import { createCrm } from "@relata/core";
import { definePlugin } from "@relata/core/plugin";
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";

const ABSENT = "01890a5d-ac96-774b-bcce-b302099a8057";

export const updates: CrmSuite = {
  name: "updates",
  facts: [
    crmFact("change what is given and nothing else, with a version, who and when", async (bench) => {
      const crm = await bench.open();
      const before = await crm
        .as({ actorId: "ann" })
        .specimens.create({ code: "a", title: "One", weight: 1, details: { x: 1 } });
      bench.clock.set("2026-06-16T08:00:00Z");
      const after = await crm.as({ actorId: "bob" }).specimens.update(before.id, { title: "Two", weight: null });
      const expected = {
        ...before,
        title: "Two",
        weight: null,
        version: 2,
        updatedAt: new Date("2026-06-16T08:00:00Z"),
        updatedBy: "bob",
      };
      expect(after).toEqual(expected);
      expect(await crm.specimens.get(before.id)).toEqual(expected);
      expect(after.createdBy).toBe("ann");
    }),
    crmFact("are accepted with the version that was read, and refused with another, naming both", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c1", label: "x" });
      expect(await crm.crates.update("c1", { label: "y" }, { version: 1 })).toMatchObject({ version: 2 });
      await expect(crm.crates.update("c1", { label: "z" }, { version: 1 })).rejects.toMatchObject({
        code: "stale_version",
        details: { entity: "crate", id: "c1", expected: 1, actual: 2 },
      });
      await expect(crm.crates.update("c1", { label: "z" }, { version: 3 })).rejects.toMatchObject({
        details: { expected: 3, actual: 2 },
      });
      expect(await crm.crates.get("c1")).toMatchObject({ label: "y", version: 2 });
    }),
    crmFact("of many refuse a stale version, and change none", async (bench) => {
      const crm = await bench.open();
      await crm.crates.createMany([{ id: "c1" }, { id: "c2" }]);
      await crm.crates.update("c2", { label: "x" });
      await expect(
        crm.crates.updateMany([
          { id: "c1", version: 1, label: "n" },
          { id: "c2", version: 1, label: "n" },
        ]),
      ).rejects.toMatchObject({
        code: "stale_version",
        details: { entity: "crate", id: "c2", expected: 1, actual: 2 },
      });
      expect(await crm.crates.count({ where: { label: "n" } })).toBe(0);
    }),
    crmFact("that change nothing write nothing: the version, the time and who stay", async (bench) => {
      const { crm, calls } = await bench.openCounted();
      const input = {
        code: "a",
        title: "One",
        ratio: "1.5",
        price: { amount: "2.00", currency: "EUR" },
        seenAt: new Date("2026-01-01T00:00:00Z"),
        details: { b: 1, a: [2] },
      };
      const created = await crm.specimens.create(input);
      bench.clock.set("2026-06-16T08:00:00Z");
      calls.write = 0;
      const same = await crm.as({ actorId: "bob" }).specimens.update(created.id, {
        title: "One",
        ratio: "1.500",
        price: { amount: "2", currency: "EUR" },
        seenAt: new Date("2026-01-01T00:00:00Z"),
        details: { a: [2], b: 1 },
        note: null,
      });
      expect(same).toEqual(created);
      expect(await crm.specimens.update(created.id, {})).toEqual(created);
      expect(await crm.specimens.update(created.id, { title: undefined } as never)).toEqual(created);
      expect(await crm.specimens.updateMany([{ id: created.id, code: "a" }])).toEqual([created]);
      expect(await crm.specimens.get(created.id)).toEqual(created);
      expect(calls.write).toBe(0);
    }),
    crmFact("that change nothing call no hooks; of many, only what changes reaches them", async (bench) => {
      const seen: string[] = [];
      const watching = definePlugin({
        id: "watching",
        hooks: {
          team: {
            async before(_, batch) {
              seen.push(`before ${batch.map(({ input }) => input.id)}`);
            },
            async after(_, batch) {
              seen.push(`after ${batch.map(({ after }) => after?.id)}`);
            },
          },
        },
      });
      const crm = await createCrm({ ...(await bench.options()), plugins: [watching] });
      await crm.teams.createMany([
        { id: "t1", name: "A" },
        { id: "t2", name: "B" },
        { id: "t3", name: "C" },
      ]);
      seen.length = 0;
      await crm.teams.update("t1", { name: "A" });
      await crm.teams.updateMany([
        { id: "t1", name: "A" },
        { id: "t2", name: "B" },
      ]);
      expect(seen).toEqual([]);
      const updated = await crm.teams.updateMany([{ id: "t1", name: "A" }, { id: "t2", name: "new" }, { id: "t3" }]);
      expect(seen).toEqual(["before t2", "after t2"]);
      expect(updated.map(({ version }) => version)).toEqual([1, 2, 1]);
    }),
    crmFact("of a stale version are refused even where they would change nothing", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c1", label: "x" });
      expect(await refused(crm.crates.update("c1", { label: "x" }, { version: 7 }))).toEqual({
        code: "stale_version",
        entity: "crate",
      });
    }),
    crmFact("of many are returned in the order of the changes, each with its own fields", async (bench) => {
      const crm = await bench.open();
      await crm.crates.createMany([{ id: "c1" }, { id: "c2" }, { id: "c3" }]);
      const updated = await crm.crates.updateMany([
        { id: "c3", label: "three" },
        { id: "c1", outerId: "c2" },
        { id: "c2", version: 1, label: "two" },
      ]);
      expect(updated.map(({ id, label, outerId, version }) => [id, label, outerId, version])).toEqual([
        ["c3", "three", null, 2],
        ["c1", null, "c2", 2],
        ["c2", "two", null, 2],
      ]);
      expect(await crm.crates.updateMany([])).toEqual([]);
    }),
    crmFact("of many are all or nothing", async (bench) => {
      const crm = await bench.open();
      await crm.crates.createMany([{ id: "c1" }, { id: "c2" }]);
      expect(
        await refused(
          crm.crates.updateMany([
            { id: "c1", label: "n" },
            { id: "c9", label: "n" },
          ]),
        ),
      ).toEqual({ code: "not_found", entity: "crate" });
      expect(
        await refused(
          crm.crates.updateMany([
            { id: "c1", label: "n" },
            { id: "c2", outerId: "c9" },
          ]),
        ),
      ).toEqual({
        code: "reference_not_found",
        entity: "crate",
        field: "outerId",
      });
      await expect(
        crm.crates.updateMany([
          { id: "c1", label: "n" },
          { id: "c2", label: 5 },
        ] as never),
      ).rejects.toMatchObject({
        code: "invalid_input",
        details: { entity: "crate", field: "label", index: 1 },
      });
      expect(await crm.crates.count({ where: { version: 1, label: null } })).toBe(2);
    }),
    crmFact("of many take each record once", async (bench) => {
      const crm = await bench.open();
      await crm.crates.createMany([{ id: "c1" }, { id: "c2" }]);
      await expect(
        crm.crates.updateMany([{ id: "c1", label: "n" }, { id: "c2" }, { id: "c1", label: "m" }]),
      ).rejects.toMatchObject({
        code: "invalid_input",
        details: { entity: "crate", field: "id", index: 2 },
      });
      expect(await crm.crates.get("c1")).toMatchObject({ version: 1, label: null });
    }),
    crmFact("swap unique values only by way of a third", async (bench) => {
      const crm = await bench.open();
      const [a, b] = await crm.specimens.createMany([{ code: "a" }, { code: "b" }]);
      await crm.transaction(async (tx) => {
        await tx.specimens.update(a!.id, { code: "tmp" });
        await tx.specimens.update(b!.id, { code: "a" });
        await tx.specimens.update(a!.id, { code: "b" });
      });
      expect((await crm.specimens.get(a!.id)).code).toBe("b");
      expect((await crm.specimens.get(b!.id)).code).toBe("a");
    }),
    crmFact("refuse what is written once, by operations, or by the SDK", async (bench) => {
      const crm = await bench.open();
      const { id } = await crm.specimens.create({ code: "a", origin: "Rome" });
      const issue = async (patch: object) => {
        const verdict = await crm.specimens.validate({ update: { id, ...patch } });
        return verdict.ok
          ? undefined
          : verdict.error.details.issues?.map(({ field, code }) => `${field} ${code}`).join();
      };
      expect(await issue({ origin: "Oslo" })).toBe("origin read_only_field");
      expect(await issue({ createdAt: new Date(0) })).toBe("createdAt read_only_field");
      expect(await issue({ updatedBy: "x" })).toBe("updatedBy read_only_field");
      expect(await issue({ archivedAt: new Date(0) })).toBe("archivedAt read_only_field");
      expect(await refused(crm.specimens.update(id, { id: ABSENT } as never))).toEqual({
        code: "invalid_input",
        entity: "specimen",
        field: "id",
      });
      expect(await refused(crm.opportunities.update(ABSENT, { status: "won" } as never))).toEqual({
        code: "invalid_input",
        entity: "opportunity",
        field: "status",
      });
      expect(await crm.specimens.get(id)).toMatchObject({ origin: "Rome", version: 1 });
    }),
    crmFact("do not clear a field that must have a value", async (bench) => {
      const crm = await bench.open();
      const { id } = await crm.specimens.create({ code: "a" });
      expect(await refused(crm.specimens.update(id, { code: null } as never))).toEqual({
        code: "invalid_input",
        entity: "specimen",
        field: "code",
      });
      expect(await refused(crm.specimens.update(id, { pieces: null } as never))).toEqual({
        code: "invalid_input",
        entity: "specimen",
        field: "pieces",
      });
    }),
    crmFact("keep updatedAt from going back when the clock does", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c1" });
      bench.clock.set("2026-06-15T09:00:00Z");
      const updated = await crm.crates.update("c1", { label: "x" });
      expect(updated).toMatchObject({
        version: 2,
        updatedAt: new Date("2026-06-15T10:00:00Z"),
        createdAt: new Date("2026-06-15T10:00:00Z"),
      });
      await crm.crates.create({ id: "c2" });
      const both = await crm.crates.updateMany([
        { id: "c1", label: "y" },
        { id: "c2", label: "y" },
      ]);
      expect(both.map(({ updatedAt }) => updatedAt)).toEqual([
        new Date("2026-06-15T10:00:00Z"),
        new Date("2026-06-15T09:00:00Z"),
      ]);
    }),
    crmFact("do not let a tree come back to its start", async (bench) => {
      const crm = await bench.open();
      await crm.users.createMany([
        { id: "a", name: "A" },
        { id: "b", name: "B", managerId: "a" },
        { id: "c", name: "C", managerId: "b" },
      ]);
      await expect(crm.users.update("a", { managerId: "c" })).rejects.toMatchObject({
        code: "hierarchy_cycle",
        details: { entity: "user", field: "managerId", id: "a", path: ["a", "c", "b", "a"] },
      });
      expect(await refused(crm.users.update("a", { managerId: "a" }))).toEqual({
        code: "hierarchy_cycle",
        entity: "user",
        field: "managerId",
      });
      expect(await refused(crm.users.create({ id: "d", name: "D", managerId: "d" }))).toEqual({
        code: "hierarchy_cycle",
        entity: "user",
        field: "managerId",
      });
      expect(
        await refused(
          crm.users.createMany([
            { id: "e", name: "E", managerId: "f" },
            { id: "f", name: "F", managerId: "e" },
          ]),
        ),
      ).toEqual({ code: "hierarchy_cycle", entity: "user", field: "managerId" });
      const turned = await crm.users.updateMany([
        { id: "a", managerId: "c" },
        { id: "b", managerId: null },
      ]);
      expect(turned.map(({ managerId }) => managerId)).toEqual(["c", null]);
      expect(await crm.users.count()).toBe(3);
    }),
  ],
};
