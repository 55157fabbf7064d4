/** What is offered, and who else offers it: light lists. */
import { sum } from "@relata/core";
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { openDomain } from "./open-domain.ts";

const eur = (amount: string) => ({ amount, currency: "EUR" });

export const products: CrmSuite = {
  name: "products and competitors of opportunities",
  facts: [
    crmFact("cost quantity times unit price, rounded once, half to even", async (bench) => {
      const crm = await openDomain(bench);
      const deal = await crm.opportunities.create({ name: "Rollout" });
      const made = await crm.opportunityProducts.createMany([
        { opportunityId: deal.id, name: "Licence", quantity: "25", unitPrice: eur("19.99"), productKey: "L-1" },
        { opportunityId: deal.id, name: "Hour", quantity: "0.5", unitPrice: eur("0.05") },
        { opportunityId: deal.id, name: "Seat", unitPrice: { amount: "3", currency: "JPY" } },
        { opportunityId: deal.id, name: "Gift" },
      ]);
      expect(made.map(({ amount }) => amount?.amount ?? null)).toEqual(["499.75", "0.02", "3", null]);
      const [figures] = await crm.opportunityProducts.aggregate({
        where: { opportunityId: deal.id },
        measures: { total: sum("amount") },
      });
      expect(figures?.total).toEqual([eur("499.77"), { amount: "3", currency: "JPY" }]);
    }),
    crmFact("follow their quantity and their price, and nothing else", async (bench) => {
      const crm = await openDomain(bench);
      const deal = await crm.opportunities.create({ name: "Rollout" });
      const { id } = await crm.opportunityProducts.create({
        opportunityId: deal.id,
        name: "Hour",
        unitPrice: eur("80"),
      });
      const { update } = crm.opportunityProducts;
      expect((await update(id, { quantity: "1.25" })).amount).toEqual(eur("100.00"));
      expect((await update(id, { unitPrice: eur("100") })).amount).toEqual(eur("125.00"));
      expect((await update(id, { name: "Hours" })).amount).toEqual(eur("125.00"));
      expect((await update(id, { quantity: "0" })).amount).toEqual(eur("0.00"));
      expect((await update(id, { unitPrice: null })).amount).toBeNull();
    }),
    crmFact("leave the opportunity's amount alone", async (bench) => {
      const crm = await openDomain(bench);
      const deal = await crm.opportunities.create({ name: "Rollout", amount: eur("10") });
      await crm.opportunityProducts.create({ opportunityId: deal.id, name: "Hour", unitPrice: eur("80") });
      expect(await crm.opportunities.get(deal.id)).toMatchObject({ amount: eur("10.00"), version: 1 });
    }),
    crmFact("go with their opportunity", async (bench) => {
      const crm = await openDomain(bench);
      const [gone, other] = await crm.opportunities.createMany([{ name: "Gone" }, { name: "Other" }]);
      for (const { id } of [gone!, other!]) {
        await crm.opportunityProducts.create({ opportunityId: id, name: "Hour" });
        await crm.opportunityCompetitors.create({ opportunityId: id, name: "Globex" });
      }
      await crm.opportunities.delete(gone!.id);
      expect((await crm.opportunityProducts.list()).items.map((product) => product.opportunityId)).toEqual([other!.id]);
      expect((await crm.opportunityCompetitors.list()).items.map((rival) => rival.opportunityId)).toEqual([other!.id]);
    }),
    crmFact("refuse what is wrong, by its name", async (bench) => {
      const crm = await openDomain(bench);
      const { id: opportunityId } = await crm.opportunities.create({ name: "Rollout" });
      const { create } = crm.opportunityProducts;
      const product = { opportunityId, name: "Hour" };
      const cases: readonly (readonly [() => Promise<unknown>, string, string])[] = [
        [() => create({ ...product, name: "" }), "name", "empty_text"],
        [() => create({ ...product, quantity: "-1" }), "quantity", "out_of_range"],
        [() => create({ ...product, quantity: "1.0000001" }), "quantity", "too_many_decimals"],
        [() => create({ ...product, unitPrice: { amount: "1", currency: "XXX" } }), "unitPrice", "unknown_currency"],
        [() => create({ ...product, amount: eur("1") } as never), "amount", "read_only_field"],
        [() => create({ ...product, quantity: "1000", unitPrice: eur("90000000000000000") }), "amount", "out_of_range"],
      ];
      for (const [call, field, code] of cases)
        expect((await refusedDetails(call())).issues).toMatchObject([{ field, code }]);
      expect(await crm.opportunityProducts.count()).toBe(0);
    }),
    crmFact("of other tenants are not there", async (bench) => {
      const crm = await openDomain(bench);
      const other = crm.as({ tenantId: "other" });
      const { id: opportunityId } = await crm.opportunities.create({ name: "Rollout" });
      const forged = other.opportunityProducts.create({ opportunityId, name: "Hour" });
      expect((await refused(forged)).code).toBe("reference_not_found");
      await crm.opportunityProducts.create({ opportunityId, name: "Hour" });
      expect(await other.opportunityProducts.count()).toBe(0);
    }),
    crmFact("compete once by each name, and may be accounts", async (bench) => {
      const crm = await openDomain(bench);
      const { id: opportunityId } = await crm.opportunities.create({ name: "Rollout" });
      const globex = await crm.accounts.create({ name: "Globex" });
      await crm.opportunityCompetitors.create({ opportunityId, name: "Globex", accountId: globex.id, outcome: "lost" });
      const again = crm.opportunityCompetitors.create({ opportunityId, name: "Globex" });
      expect((await refused(again)).code).toBe("not_unique");
      const against = await crm.opportunities.list({
        where: { competitors: { some: { account: { name: "Globex" } } } },
      });
      expect(against.items.map(({ id }) => id)).toEqual([opportunityId]);
      await crm.accounts.delete(globex.id);
      expect((await crm.opportunityCompetitors.list()).items).toMatchObject([{ name: "Globex", accountId: null }]);
    }),
  ],
};
