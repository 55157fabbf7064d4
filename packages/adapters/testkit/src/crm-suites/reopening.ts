/** A second CRM on a database that has records already: the same schema, a larger one, one that does not fit. */

import { convert, createCrm } from "@relata/core";
import { boolean, defineEntity, definePlugin, integer, money, oneOf, reference, text } from "@relata/core/plugin";
import { expect } from "vitest";
import { failure } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";

async function withTeams(bench: CrmBench) {
  const options = await bench.options();
  const crm = await createCrm(options);
  await crm.teams.createMany([
    { id: "t1", name: "North" },
    { id: "t2", name: "Süd" },
  ]);
  await crm.close();
  return options;
}

export const reopening: CrmSuite = {
  name: "a database that has records",
  facts: [
    crmFact("keeps them from one CRM to the next", async (bench) => {
      const crm = await createCrm(await withTeams(bench));
      expect((await crm.teams.list()).items.map(({ name, version }) => `${name} ${version}`)).toEqual([
        "North 1",
        "Süd 1",
      ]);
    }),
    crmFact("gives existing records the default of a new column, or null, and no version", async (bench) => {
      const options = await withTeams(bench);
      const levels = definePlugin({
        id: "levels",
        extend: {
          team: { level: integer().default(3), grade: oneOf("a", "b").default("b"), budget: money().optional() },
        },
      });
      const crm = await createCrm({
        ...options,
        plugins: [levels],
        extend: {
          team: {
            motto: text({ fold: true }).default("Ünited"),
            open: boolean().default(true),
            leadId: reference("user", { inverse: "leads" }).optional(),
          },
        },
      });
      const { items } = await crm.teams.list();
      for (const team of items)
        expect(team).toMatchObject({
          level: 3,
          grade: "b",
          budget: null,
          motto: "Ünited",
          open: true,
          leadId: null,
          version: 1,
        });
      expect(
        await crm.teams.count({ where: { level: 3, open: true, grade: "b", motto: { fold: true, eq: "united" } } }),
      ).toBe(2);
      expect(
        await crm.teams.update("t1", { level: 4, motto: "x", budget: { amount: "1", currency: "EUR" } }),
      ).toMatchObject({ level: 4, version: 2 });
    }),
    crmFact("finds by phone number what a migration has given that folding, in the past too", async (bench) => {
      const options = await bench.options();
      const plain = text().optional();
      const digits = text({ fold: "phone" }).optional();
      bench.clock.set("2026-01-01T00:00:00Z");
      const first = await createCrm({ ...options, extend: { team: { desk: plain } } });
      await first.teams.create({ id: "t1", name: "North", desk: "+49 (0)30 1234" });
      await first.teams.create({ id: "t2", name: "South" });
      bench.clock.set("2026-02-01T00:00:00Z");
      await first.teams.update("t1", { desk: "030 9876" });
      await first.close();
      bench.clock.set("2026-03-01T00:00:00Z");
      const crm = await createCrm({
        ...options,
        extend: { team: { desk: digits } },
        migrations: [{ id: "2026-03-desk", change: { team: { desk: convert(plain, digits, (desk) => desk) } } }],
      });
      expect((await crm.search("030/9876")).map(({ id }) => id)).toEqual(["t1"]);
      expect(await crm.search("030/1234")).toEqual([]);
      const january = crm.asOf(new Date("2026-01-15T00:00:00Z"));
      expect((await january.search("030/1234")).map(({ id, matched }) => [id, matched[0]!.value])).toEqual([
        ["t1", "+49 (0)30 1234"],
      ]);
    }),
    crmFact("takes new entities that refer to old records", async (bench) => {
      const options = await withTeams(bench);
      const match = defineEntity("match", {
        plural: "matches",
        fields: { teamId: reference("team", { inverse: "matches", onDelete: "cascade" }) },
      });
      const crm = await createCrm({ ...options, entities: [match] });
      await crm.matches.create({ teamId: "t1" });
      expect((await crm.teams.get("t1", { include: { matches: true } })).matches).toHaveLength(1);
      await crm.teams.delete("t1");
      expect(await crm.matches.count()).toBe(0);
    }),
    crmFact("goes on without a plugin that it had", async (bench) => {
      const options = await withTeams(bench);
      const first = await createCrm({ ...options, extend: { team: { motto: text().optional() } } });
      await first.teams.update("t1", { motto: "x" });
      await first.close();
      const second = await createCrm(options);
      expect(await second.teams.update("t1", { name: "New" })).toMatchObject({ name: "New", version: 3 });
      await second.close();
      const third = await createCrm({ ...options, extend: { team: { motto: text().optional() } } });
      expect((await third.teams.get("t1")).motto).toBe("x");
    }),
    crmFact("refuses a column that changes its kind, and is verified without being changed", async (bench) => {
      const options = await withTeams(bench);
      const first = await createCrm({ ...options, extend: { team: { motto: text().optional() } } });
      await first.close();
      expect(await failure(createCrm({ ...options, extend: { team: { motto: integer().optional() } } }))).toMatchObject(
        { code: "schema_mismatch", details: { entity: "team", field: "motto" } },
      );
      expect(
        await failure(createCrm({ ...options, migrate: "verify", extend: { team: { colour: text().optional() } } })),
      ).toMatchObject({ code: "schema_mismatch", details: { entity: "team" } });
      const crm = await createCrm({ ...options, migrate: "verify", extend: { team: { motto: text().optional() } } });
      expect(await crm.teams.count()).toBe(2);
    }),
  ],
};
