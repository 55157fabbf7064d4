/** What plugins bring: entities, columns, operations and services, in an order that they require. */

import { count, createCrm } from "@relata/core";
import { defineEntity, definePlugin, integer, oneOf, reference, text } from "@relata/core/plugin";
import { expect } from "vitest";
import { failure, refused } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";

const badge = defineEntity("badge", {
  plural: "badges",
  fields: { label: text({ fold: true }), accountId: reference("account", { inverse: "badges", onDelete: "cascade" }) },
  unique: [["accountId", "label"]],
});

const awards = definePlugin({
  id: "awards",
  entities: [badge],
  extend: {
    account: {
      tier: oneOf("gold", "silver").default("silver"),
      score: integer().optional(),
      sponsorId: reference("user", { inverse: "sponsored", onDelete: "detach" }).optional(),
    },
  },
  operations: (context) => ({
    account: {
      label: async (accountId: string, label: string) => context.badges.create({ accountId, label }),
      relabel: (accountId: string, labels: readonly string[]) =>
        context.transaction(async (tx) => {
          const old = await tx.badges.list({ where: { accountId } });
          for (const { id } of old.items) await tx.badges.delete(id);
          await tx.badges.createMany(labels.map((label) => ({ accountId, label })));
        }),
    },
  }),
  services: (context) => ({
    count: (label: string) => context.badges.count({ where: { label } }),
    apply: async (name: string, label: string) => {
      const account = await context.accounts.create({ name });
      return context.badges.create({ accountId: account.id, label });
    },
    who: () => context.actorId,
    now: () => context.now(),
    exists: (entityType: string, id: string) => context.exists({ entityType, id }),
  }),
});

export const plugins: CrmSuite = {
  name: "plugins",
  facts: [
    crmFact("add entities that are equal to core's, with relations both ways", async (bench) => {
      const crm = await createCrm({ ...(await bench.options()), plugins: [awards] });
      const acme = await crm.accounts.create({ name: "Acme" });
      await crm.badges.createMany([
        { accountId: acme.id, label: "vip" },
        { accountId: acme.id, label: "old" },
      ]);
      const found = await crm.accounts.get(acme.id, {
        include: { badges: { orderBy: [{ label: "asc" }], include: { account: true } } },
      });
      expect(found.badges.map(({ label, account }) => `${label} ${account?.name}`)).toEqual(["old Acme", "vip Acme"]);
      expect(await crm.accounts.count({ where: { badges: { some: { label: { fold: true, eq: "VIP" } } } } })).toBe(1);
      expect(await crm.badges.aggregate({ groupBy: { name: { account: "name" } }, measures: { n: count() } })).toEqual([
        { name: "Acme", n: 2 },
      ]);
      expect(await refused(crm.badges.create({ accountId: acme.id, label: "vip" }))).toEqual({
        code: "not_unique",
        entity: "badge",
        field: "accountId",
      });
      await crm.accounts.delete(acme.id);
      expect(await crm.badges.count()).toBe(0);
    }),
    crmFact("add columns that are equal to core's", async (bench) => {
      const crm = await createCrm({ ...(await bench.options()), plugins: [awards] });
      await crm.users.create({ id: "una", name: "Una" });
      const acme = await crm.accounts.create({ name: "Acme", score: 7, sponsorId: "una" });
      await crm.accounts.create({ name: "Base", tier: "gold" });
      expect(acme).toMatchObject({ tier: "silver", score: 7, sponsorId: "una" });
      expect(
        (await crm.accounts.list({ where: { tier: "gold" }, select: ["name"] })).items.map(({ name }) => name),
      ).toEqual(["Base"]);
      expect((await crm.accounts.list({ orderBy: [{ score: "desc" }] })).items.map(({ name }) => name)).toEqual([
        "Base",
        "Acme",
      ]);
      expect((await crm.users.get("una", { include: { sponsored: true } })).sponsored.map(({ name }) => name)).toEqual([
        "Acme",
      ]);
      expect(await refused(crm.accounts.create({ name: "C", tier: "bronze" as never }))).toEqual({
        code: "invalid_input",
        entity: "account",
        field: "tier",
      });
      expect(await crm.accounts.update(acme.id, { score: null, tier: "gold" })).toMatchObject({
        score: null,
        tier: "gold",
        version: 2,
      });
      await crm.users.delete("una");
      expect((await crm.accounts.get(acme.id)).sponsorId).toBeNull();
    }),
    crmFact("have the application's own part as one of them", async (bench) => {
      const visit = defineEntity("visit", {
        plural: "visits",
        fields: { badgeId: reference("badge", { inverse: "visits" }) },
      });
      const crm = await createCrm({
        ...(await bench.options()),
        plugins: [awards],
        entities: [visit],
        extend: { badge: { colour: text().optional() }, account: { region: text().default("north") } },
      });
      const { id } = await crm.awards.apply("Acme", "vip");
      await crm.visits.create({ badgeId: id });
      await crm.badges.update(id, { colour: "red" });
      expect(
        await crm.visits.find({ where: { badge: { colour: "red", account: { region: "north", tier: "silver" } } } }),
      ).toMatchObject({ badgeId: id });
    }),
    crmFact("have operations beside the repository's own, and services under their id", async (bench) => {
      const crm = await createCrm({ ...(await bench.options()), plugins: [awards] });
      const acme = await crm.accounts.create({ name: "Acme" });
      await crm.accounts.label(acme.id, "vip");
      await crm.accounts.relabel(acme.id, ["a", "b"]);
      expect(await crm.awards.count("vip")).toBe(0);
      expect(await crm.awards.count("b")).toBe(1);
    }),
    crmFact("work for the tenant, the actor and the instant of the handle that they are reached by", async (bench) => {
      const crm = await createCrm({ ...(await bench.options()), plugins: [awards] });
      const north = crm.as({ tenantId: "north", actorId: "ann" });
      const made = await north.at(new Date("2026-01-01T00:00:00Z")).awards.apply("Acme", "vip");
      expect(made).toMatchObject({ createdBy: "ann", createdAt: new Date("2026-01-01T00:00:00Z") });
      expect([await north.awards.count("vip"), await crm.awards.count("vip")]).toEqual([1, 0]);
      expect([north.awards.who(), crm.awards.who()]).toEqual(["ann", null]);
      expect(north.at(new Date("2026-01-01T00:00:00Z")).awards.now()).toEqual(new Date("2026-01-01T00:00:00Z"));
      expect(crm.awards.now()).toEqual(new Date("2026-06-15T10:00:00Z"));
      expect([
        await north.awards.exists("badge", made.id),
        await crm.awards.exists("badge", made.id),
        await north.awards.exists("account", "nonsense"),
      ]).toEqual([true, false, false]);
      expect(await refused(north.awards.exists("nothing", made.id))).toEqual({
        code: "invalid_query",
        entity: "nothing",
        field: "entityType",
      });
    }),
    crmFact(
      "are in the transaction of the handle that they are reached by, and leave nothing after its rollback",
      async (bench) => {
        const crm = await createCrm({ ...(await bench.options()), plugins: [awards] });
        const acme = await crm.accounts.create({ name: "Acme" });
        await failure(
          crm.transaction(async (tx) => {
            await tx.awards.apply("Base", "vip");
            await tx.accounts.label(acme.id, "vip");
            await tx.accounts.relabel(acme.id, ["x", "vip"]);
            expect(await tx.awards.count("vip")).toBe(2);
            throw new Error("no");
          }),
        );
        expect([await crm.accounts.count(), await crm.badges.count()]).toEqual([1, 0]);
        await crm.transaction(async (tx) => {
          await tx.awards.apply("Base", "vip");
          await failure(
            tx.transaction(async (inner) => {
              await inner.accounts.label(acme.id, "vip");
              throw new Error("no");
            }),
          );
        });
        expect([await crm.accounts.count(), await crm.awards.count("vip")]).toEqual([2, 1]);
      },
    ),
    crmFact("have operations that are whole: one that fails leaves nothing", async (bench) => {
      const crm = await createCrm({ ...(await bench.options()), plugins: [awards] });
      const acme = await crm.accounts.create({ name: "Acme" });
      await crm.accounts.label(acme.id, "vip");
      expect(await refused(crm.accounts.relabel(acme.id, ["x", "x"]))).toEqual({
        code: "not_unique",
        entity: "badge",
        field: "accountId",
      });
      expect((await crm.badges.list()).items.map(({ label }) => label)).toEqual(["vip"]);
    }),
    crmFact("come after what they require, wherever they stand", async (bench) => {
      const order: string[] = [];
      const base = definePlugin({ id: "base", hooks: { team: { before: async () => void order.push("base") } } });
      const middle = definePlugin({
        id: "middle",
        requires: [base],
        hooks: { team: { before: async () => void order.push("middle") } },
      });
      const top = definePlugin({
        id: "top",
        requires: [middle],
        hooks: { team: { before: async () => void order.push("top") } },
      });
      const other = definePlugin({ id: "other", hooks: { team: { before: async () => void order.push("other") } } });
      const crm = await createCrm({ ...(await bench.options()), plugins: [top, other, middle, base] });
      await crm.teams.create({ id: "t1", name: "A" });
      expect(order).toEqual(["base", "middle", "top", "other"]);
    }),
    crmFact("use the entities, columns and services of what they require", async (bench) => {
      const counting = definePlugin({
        id: "counting",
        requires: [awards],
        extend: { badge: { uses: integer().default(0) } },
        services: (context) => ({
          gold: async () => {
            await context.awards.apply("Gold", "new");
            return context.accounts.count({ where: { tier: "silver", badges: { some: { uses: 0 } } } });
          },
        }),
      });
      const crm = await createCrm({ ...(await bench.options()), plugins: [awards, counting] });
      expect(await crm.counting.gold()).toBe(1);
    }),
    crmFact("of two CRMs never meet", async (bench) => {
      const first = await createCrm({ ...(await bench.options()), plugins: [awards] });
      const second = await createCrm({ ...(await bench.options()), plugins: [awards] });
      await first.awards.apply("Acme", "vip");
      expect([await first.awards.count("vip"), await second.awards.count("vip")]).toEqual([1, 0]);
      expect(Object.keys(await bench.open())).not.toContain("awards");
    }),
  ],
};
