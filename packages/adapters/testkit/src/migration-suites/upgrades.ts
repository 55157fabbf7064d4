/** From one version of a plugin to the next, on a database that has records. */
import { count, createCrm, type MigrationProgress, planMigrations, runMigrations, sum } from "@relata/core";
import { defineEntity, definePlugin, text } from "@relata/core/plugin";
import { expect } from "vitest";
import { type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { dumpRecords, dumpSchema, leftoversIn } from "./dump.ts";
import { fillGear, gearOne, gearTwo } from "./gear.ts";

export const upgrades: CrmSuite = {
  name: "a plugin on a database that has records",
  facts: [
    crmFact("renames entities and fields with their data, converts values, fills in, and drops", async (bench) => {
      const options = await bench.options();
      await fillGear(options);
      const crm = await createCrm({ ...options, plugins: [gearTwo] });
      const { items } = await crm.devices.list({ archived: "include", include: { account: true, parts: true } });
      expect(items.map(({ id, name, size, kind, code, version }) => [id, name, size, kind, code, version])).toEqual([
        ["1", "T1", 10, "hand", "T1-1", 2],
        ["2", "T2", 20, "hand", "T2-2", 2],
        ["3", "T3", 30, "power", "T3-3", 3],
      ]);
      expect(items[0]).toMatchObject({ account: { name: "Acme", grade: "a", label: "first" }, parts: [{ id: "2" }] });
      expect((await crm.as({ tenantId: "other" }).devices.list()).items.map(({ size, code }) => [size, code])).toEqual([
        [1, "T1-1"],
        [2, "T2-2"],
      ]);
      expect(await crm.devices.count({ where: { name: { fold: true, eq: "t2" }, size: { gt: 15 } } })).toBe(1);
      await crm.close();
      // What was dropped is still in the past.
      expect(await leftoversIn({ ...options, plugins: [gearTwo] })).toEqual(["column device__history.junk"]);
    }),
    crmFact("reads the past in the words of today: lists, aggregates, search, relations", async (bench) => {
      const options = await bench.options();
      await fillGear(options);
      const filled = new Date(bench.clock.now());
      bench.clock.set("2026-06-16T10:00:00Z");
      const crm = await createCrm({ ...options, plugins: [gearTwo] });
      await crm.devices.update("1", { size: 99, name: "New" });
      const past = crm.asOf(filled).devices;
      expect((await past.list()).items.map(({ id, name, size, code }) => [id, name, size, code])).toEqual([
        ["1", "T1", 10, null],
        ["2", "T2", 20, null],
      ]);
      expect(await past.aggregate({ measures: { records: count(), size: sum("size") } })).toEqual([
        { records: 2, size: 30 },
      ]);
      expect((await past.search("t1")).map(({ id }) => id)).toEqual(["1"]);
      expect(await past.count({ where: { partOf: { size: 10 } } })).toBe(1);
      expect((await past.get("1", { include: { parts: true } })).parts.map(({ size }) => size)).toEqual([20]);
    }),
    crmFact("erases what waits to be delivered of a record, also under its entity's earlier name", async (bench) => {
      const options = await bench.options();
      const fields = { name: text() };
      const got: string[] = [];
      const tools = definePlugin({
        id: "gear",
        entities: [defineEntity("tool", { plural: "tools", ids: "app", fields })],
        subscribers: { copies: { on: ["tool.created"], deliver: () => {} } },
      });
      const devices = definePlugin({
        id: "gear",
        entities: [defineEntity("device", { plural: "devices", ids: "app", fields })],
        migrations: [{ id: "1", rename: { entities: { tool: "device" } } }],
        subscribers: { copies: { on: ["device.created"], deliver: (_, event) => void got.push(event.recordId) } },
      });
      const before = await createCrm({ ...options, plugins: [tools] });
      await before.tools.createMany([
        { id: "1", name: "secret" },
        { id: "2", name: "kept" },
      ]);
      await before.close();
      const crm = await createCrm({ ...options, plugins: [devices] });
      await crm.devices.erase("1");
      expect((await crm.eventDeliveries.list()).items).toMatchObject([
        { entityType: "device", recordId: "2", version: 1 },
      ]);
      await crm.eventDeliveries.drain();
      expect(got).toEqual(["2"]);
    }),
    crmFact("keeps every rule of what was renamed", async (bench) => {
      const options = await bench.options();
      await fillGear(options);
      const crm = await createCrm({ ...options, plugins: [gearTwo] });
      const failing = [
        crm.devices.create({ id: "4", name: "x", size: 1, accountId: "018f2f6e-0000-7000-8000-000000000000" }),
        crm.devices.create({ id: "4", name: "x", size: 1, partOfId: "9" }),
        crm.devices.create({ id: "4", name: "x", size: 1, code: "T1-1" }),
        crm.accounts.create({ name: "y", label: "first" }),
        crm.devices.delete("1"),
      ];
      const codes = (await Promise.allSettled(failing)).map(
        (outcome) => outcome.status === "rejected" && [outcome.reason.code, outcome.reason.details.field],
      );
      expect(codes).toEqual([
        ["reference_not_found", "accountId"],
        ["reference_not_found", "partOfId"],
        ["not_unique", "code"],
        ["not_unique", "label"],
        ["still_referenced", "partOfId"],
      ]);
    }),
    crmFact("tells how far a backfill is", async (bench) => {
      const options = await bench.options();
      await fillGear(options);
      const told: MigrationProgress[] = [];
      const crm = await createCrm({ ...options, plugins: [gearTwo], onMigrate: (progress) => told.push(progress) });
      await crm.close();
      expect(told.map(({ plugin, migration, done, total }) => `${plugin} ${migration} ${done}/${total}`)).toEqual([
        "gear 2026-12-code 2/5",
        "gear 2026-12-code 3/5",
        "gear 2026-12-code 5/5",
      ]);
    }),
    crmFact("plans it with the risk of each step, and changes nothing", async (bench) => {
      const options = await bench.options();
      await fillGear(options);
      const before = await dumpSchema(options);
      const { steps } = await planMigrations({ ...options, plugins: [gearTwo] });
      expect(new Set(steps.map(({ risk }) => risk))).toEqual(new Set(["safe", "risky", "destructive"]));
      expect(await dumpSchema(options)).toEqual(before);
      await runMigrations({ ...options, plugins: [gearTwo] });
      expect((await planMigrations({ ...options, plugins: [gearTwo] })).steps).toEqual([]);
    }),
    crmFact("takes every migration as done in a new database", async (bench) => {
      const options = await bench.options();
      const crm = await createCrm({ ...options, plugins: [gearTwo] });
      await crm.devices.create({ id: "1", name: "x", size: 1 });
      await crm.close();
      const again = await createCrm({ ...options, plugins: [gearTwo], migrate: "verify" });
      expect((await again.devices.get("1")).code).toBe(null);
    }),
    crmFact("is installed, removed, and installed again, and keeps its data meanwhile", async (bench) => {
      const options = await bench.options();
      const bare = await createCrm(options);
      const { id } = await bare.accounts.create({ name: "Old" });
      await bare.close();
      await fillGear(options);
      // An indexed column may have been added before the others.
      expect((await leftoversIn(options)).toSorted()).toEqual(
        [
          "column account.gear_rank",
          "column account.gear_label",
          "index account.account__gear_label__key",
          "column account__history.gear_rank",
          "column account__history.gear_label",
          "table tool",
          "table tool__history",
        ].toSorted(),
      );
      const without = await createCrm(options);
      expect(await without.accounts.update(id, { name: "New" })).toMatchObject({ name: "New" });
      await without.accounts.create({ name: "Another" });
      await without.close();
      const crm = await createCrm({ ...options, plugins: [gearOne] });
      expect((await crm.tools.list()).items.map(({ title }) => title)).toEqual(["T1", "T2"]);
      expect(await crm.accounts.count({ where: { rank: "a", label: "first" } })).toBe(1);
      expect(await crm.accounts.count()).toBe(3);
    }),
    crmFact("is upgraded once by two that start together", async (bench) => {
      const options = await bench.options();
      await fillGear(options);
      const crms = await Promise.all([1, 2].map(() => createCrm({ ...options, plugins: [gearTwo] })));
      for (const crm of crms)
        expect((await crm.devices.list({ archived: "include" })).items.map(({ version }) => version)).toEqual([
          2, 2, 3,
        ]);
      for (const crm of crms) await crm.close();
      expect(await dumpRecords({ ...options, plugins: [gearTwo] }, ["devices"])).toHaveLength(5);
    }),
  ],
};
