/**
 * Two of the hardest operations of plugins to come, written with what a plugin author has, and no more: figures that roll up along a
 * tree of accounts, and how two people know each other on a day.
 */
import { createCrm } from "@relata/core";
import { count, date, defineEntity, definePlugin, type Money, oneOf, reference, sum, text } from "@relata/core/plugin";
import { expect } from "vitest";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";

/** What an account has open by itself, and with all that belongs to it. */
interface RollUp {
  readonly name: string;
  readonly own: readonly Money[];
  readonly total: readonly Money[];
  readonly deals: number;
}

const rollUps = definePlugin({
  id: "rollUps",
  services: (context) => {
    async function rollUp(accountId: string): Promise<RollUp> {
      const measures = { deals: count(), value: sum("amount") };
      const account = await context.accounts.get(accountId);
      const [own] = await context.opportunities.aggregate({ where: { accountId, status: "open" }, measures });
      const [all] = await context.opportunities.aggregate({
        where: { accountId: { atOrUnder: accountId }, status: "open" },
        measures,
      });
      return { name: account.name, own: own!.value, total: all!.value, deals: all!.deals };
    }
    return {
      rollUp,
      /** Each account of a group with its roll-up, from the top down. */
      async tree(accountId: string): Promise<readonly (RollUp & { readonly depth: number })[]> {
        const below = await context.accounts.descendants(accountId, { select: ["name"] });
        const nodes = [{ id: accountId, depth: 0 }, ...below.map(({ depth, record }) => ({ id: record.id, depth }))];
        const rows: (RollUp & { readonly depth: number })[] = [];
        for (const { id, depth } of nodes) rows.push({ depth, ...(await rollUp(id)) });
        return rows;
      },
    };
  },
});

const acquaintance = defineEntity("acquaintance", {
  plural: "acquaintances",
  fields: {
    firstId: reference("contact", { inverse: "acquaintances", onDelete: "cascade" }),
    secondId: reference("contact", { inverse: "acquaintedWith", onDelete: "cascade" }),
    kind: oneOf("colleague", "friend", "family"),
    note: text().optional(),
    validFrom: date().optional(),
    validUntil: date().optional(),
  },
});

const network = definePlugin({
  id: "network",
  entities: [acquaintance],
  services: (context) => ({
    /** "Ann –colleague– Bea –friend– Cleo", or undefined where they do not know each other, not even through others. */
    async howDoTheyKnow(start: string, end: string, day: string): Promise<string | undefined> {
      const path = await context.acquaintances.path({
        from: "firstId",
        to: "secondId",
        direction: "both",
        start,
        end,
        validOn: day,
      });
      if (!path) return undefined;
      const people = await context.contacts.list({ where: { id: { in: path.nodes } }, limit: 1_000 });
      const names = new Map(people.items.map(({ id, givenName }) => [id, givenName]));
      const words = path.nodes.map((id, i) => [names.get(id), path.edges[i]?.kind].filter(Boolean).join(" –"));
      return words.join("– ");
    },
    /** Whom somebody can be introduced to by at most so many people in between. */
    async reach(contactId: string, { within, on }: { readonly within: number; readonly on: string }) {
      const reached = await context.acquaintances.traverse({
        from: "firstId",
        to: "secondId",
        direction: "both",
        start: contactId,
        depth: within,
        validOn: on,
      });
      return reached.length;
    },
  }),
});

/** Holding > North > Fjord, Holding > South. */
async function withGroup(bench: CrmBench) {
  const crm = await createCrm({ ...(await bench.options()), plugins: [rollUps] });
  const holding = await crm.accounts.create({ name: "Holding" });
  const north = await crm.accounts.create({ name: "North", parentId: holding.id });
  const fjord = await crm.accounts.create({ name: "Fjord", parentId: north.id });
  const south = await crm.accounts.create({ name: "South", parentId: holding.id });
  const other = await crm.accounts.create({ name: "Other" });
  const deals = [
    [holding, "100.00", "EUR"],
    [north, "20.00", "EUR"],
    [north, "7.00", "USD"],
    [fjord, "3.50", "EUR"],
    [other, "1000.00", "EUR"],
  ] as const;
  for (const [account, amount, currency] of deals)
    await crm.opportunities.create({
      name: `${account.name} deal`,
      accountId: account.id,
      amount: { amount, currency },
    });
  return { crm, holding, north, fjord, south };
}

async function withPeople(bench: CrmBench) {
  const crm = await createCrm({ ...(await bench.options()), plugins: [network] });
  const people = await crm.contacts.createMany(
    ["Ann", "Bea", "Cleo", "Dora", "Eve", "Flo"].map((givenName) => ({ givenName })),
  );
  const [ann, bea, cleo, dora, eve, flo] = people.map(({ id }) => id) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  await crm.acquaintances.createMany([
    { firstId: ann, secondId: bea, kind: "colleague", validFrom: "2020-01-01", validUntil: "2025-06-30" },
    { firstId: cleo, secondId: bea, kind: "friend" },
    { firstId: cleo, secondId: dora, kind: "colleague", validFrom: "2024-01-01" },
    { firstId: dora, secondId: ann, kind: "family", validFrom: "2026-01-01" },
    { firstId: eve, secondId: dora, kind: "friend", validUntil: "2023-12-31" },
  ]);
  return { crm, ann, cleo, dora, eve, flo };
}

export const spikesTrees: CrmSuite = {
  name: "spikes of plugins to come: trees and edges",
  facts: [
    crmFact(
      "opportunities are filtered and summed by account subtree, own and total, for each currency",
      async (bench) => {
        const { crm, holding, north, fjord, south } = await withGroup(bench);
        const eur = (amount: string) => ({ amount, currency: "EUR" });
        const usd = (amount: string) => ({ amount, currency: "USD" });
        expect(await crm.rollUps.rollUp(holding.id)).toEqual({
          name: "Holding",
          own: [eur("100.00")],
          total: [eur("123.50"), usd("7.00")],
          deals: 4,
        });
        expect(await crm.rollUps.tree(north.id)).toEqual([
          { depth: 0, name: "North", own: [eur("20.00"), usd("7.00")], total: [eur("23.50"), usd("7.00")], deals: 3 },
          { depth: 1, name: "Fjord", own: [eur("3.50")], total: [eur("3.50")], deals: 1 },
        ]);
        expect(await crm.rollUps.rollUp(south.id)).toEqual({ name: "South", own: [], total: [], deals: 0 });

        await crm.accounts.update(fjord.id, { parentId: south.id });
        expect((await crm.rollUps.rollUp(south.id)).total).toEqual([eur("3.50")]);
        expect((await crm.rollUps.rollUp(north.id)).total).toEqual([eur("20.00"), usd("7.00")]);
        expect((await crm.rollUps.rollUp(holding.id)).deals).toBe(4);
      },
    ),
    crmFact("two people know each other by the shortest path over what is valid on the day", async (bench) => {
      const { crm, ann, cleo, dora, eve, flo } = await withPeople(bench);
      const { howDoTheyKnow, reach } = crm.network;
      expect(await howDoTheyKnow(ann, dora, "2025-06-30")).toBe("Ann –colleague– Bea –friend– Cleo –colleague– Dora");
      expect(await howDoTheyKnow(ann, dora, "2025-07-01")).toBe(undefined);
      expect(await howDoTheyKnow(ann, dora, "2026-01-01")).toBe("Ann –family– Dora");
      expect(await howDoTheyKnow(cleo, eve, "2023-12-31")).toBe(undefined);
      expect(await howDoTheyKnow(ann, flo, "2026-01-01")).toBe(undefined);
      expect(await howDoTheyKnow(ann, ann, "2026-01-01")).toBe("Ann");
      expect([
        await reach(ann, { within: 2, on: "2025-06-30" }),
        await reach(ann, { within: 3, on: "2025-06-30" }),
        await reach(ann, { within: 3, on: "2025-07-01" }),
      ]).toEqual([2, 3, 0]);
    }),
  ],
};
