/** What opportunities are worth: once, again and again, and as a whole. */
import { sum } from "@relata/core";
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { openDomain } from "./open-domain.ts";

const eur = (amount: string) => ({ amount, currency: "EUR" });
const usd = (amount: string) => ({ amount, currency: "USD" });

async function created(bench: CrmBench, input: object) {
  const crm = await openDomain(bench);
  return { crm, deal: await crm.opportunities.create({ name: "Rollout", ...input }) };
}

export const amounts: CrmSuite = {
  name: "amounts of opportunities",
  facts: [
    crmFact("recur in a month and in a year, rounded once", async (bench) => {
      const crm = await openDomain(bench);
      for (const [recurringInterval, amount, month, year] of [
        ["month", "99.99", "99.99", "1199.88"],
        ["quarter", "100", "33.33", "400.00"],
        ["half_year", "100", "16.67", "200.00"],
        ["year", "100", "8.33", "100.00"],
        ["year", "0.06", "0.00", "0.06"],
        ["year", "0.18", "0.02", "0.18"],
        ["quarter", "-100", "-33.33", "-400.00"],
      ] as const) {
        const deal = await crm.opportunities.create({ name: "x", recurringAmount: eur(amount), recurringInterval });
        expect(deal).toMatchObject({ monthlyRecurring: eur(month), annualRecurring: eur(year), amount: eur(year) });
      }
      const yen = { amount: "1000", currency: "JPY" };
      const deal = await crm.opportunities.create({ name: "x", recurringAmount: yen, recurringInterval: "quarter" });
      expect([deal.monthlyRecurring?.amount, deal.annualRecurring?.amount]).toEqual(["333", "4000"]);
    }),
    crmFact("are as a whole what is paid once and in a year, until given by hand", async (bench) => {
      const parts = { oneTimeAmount: eur("500"), recurringAmount: eur("10"), recurringInterval: "month" };
      const { crm, deal } = await created(bench, parts);
      expect(deal.amount).toEqual(eur("620.00"));
      const update = crm.opportunities.update;
      expect((await update(deal.id, { oneTimeAmount: eur("600") })).amount).toEqual(eur("720.00"));
      expect((await update(deal.id, { recurringInterval: "quarter" })).amount).toEqual(eur("640.00"));
      expect((await update(deal.id, { amount: eur("700") })).amount).toEqual(eur("700.00"));
      expect((await update(deal.id, { oneTimeAmount: eur("1") })).amount).toEqual(eur("700.00"));
      expect((await update(deal.id, { amount: null })).amount).toEqual(eur("41.00"));
      expect((await update(deal.id, { oneTimeAmount: null })).amount).toEqual(eur("40.00"));
      const none = await update(deal.id, { recurringAmount: null, recurringInterval: null });
      expect(none).toMatchObject({ amount: null, monthlyRecurring: null, annualRecurring: null });
    }),
    crmFact("given by hand from the start stand", async (bench) => {
      const { crm, deal } = await created(bench, { amount: eur("900"), oneTimeAmount: eur("500") });
      expect(deal.amount).toEqual(eur("900.00"));
      expect((await crm.opportunities.update(deal.id, { oneTimeAmount: eur("800") })).amount).toEqual(eur("900.00"));
      const plain = await crm.opportunities.create({ name: "Plain", amount: eur("50") });
      const more = await crm.opportunities.update(plain.id, { oneTimeAmount: eur("60") });
      expect([more.amount, more.monthlyRecurring]).toEqual([eur("50.00"), null]);
    }),
    crmFact("stay by themselves when something else changes", async (bench) => {
      const { crm, deal } = await created(bench, { oneTimeAmount: eur("500") });
      const moved = await crm.opportunities.moveTo(deal.id, "proposal");
      expect(moved).toMatchObject({ amount: eur("500.00"), version: 2 });
      expect((await crm.opportunities.update(deal.id, { amount: eur("500") })).version).toBe(2);
    }),
    crmFact("change their currency together", async (bench) => {
      const parts = { oneTimeAmount: eur("5"), recurringAmount: eur("1"), recurringInterval: "year" };
      const { crm, deal } = await created(bench, parts);
      const changed = await crm.opportunities.update(deal.id, { oneTimeAmount: usd("5"), recurringAmount: usd("2") });
      expect(changed).toMatchObject({ amount: usd("7.00"), annualRecurring: usd("2.00") });
    }),
    crmFact("of several currencies are refused, those that the write names", async (bench) => {
      const crm = await openDomain(bench);
      const issuesOf = async (call: Promise<unknown>) =>
        (await refusedDetails(call)).issues?.map(({ field, code }) => `${field} ${code}`);
      const both = {
        name: "x",
        oneTimeAmount: eur("5"),
        recurringAmount: usd("1"),
        recurringInterval: "year" as const,
      };
      expect(await issuesOf(crm.opportunities.create(both))).toEqual(["recurringAmount other_currency"]);
      expect(
        await issuesOf(crm.opportunities.create({ name: "x", amount: usd("1"), oneTimeAmount: eur("5") })),
      ).toEqual(["amount other_currency"]);
      const many = crm.opportunities.createMany([{ name: "y" }, both]);
      expect((await refusedDetails(many)).issues).toMatchObject([{ field: "recurringAmount", index: 1 }]);
      const deal = await crm.opportunities.create({ name: "x", amount: eur("9") });
      const mixed = crm.opportunities.update(deal.id, { oneTimeAmount: usd("5") });
      expect((await refusedDetails(mixed)).issues).toEqual([
        {
          field: "oneTimeAmount",
          code: "other_currency",
          message: "is in USD, and amount in EUR: the amounts of an opportunity are in one currency",
        },
      ]);
      expect(await crm.opportunities.count()).toBe(1);
    }),
    crmFact("recur with an interval, and have none without", async (bench) => {
      const { crm, deal } = await created(bench, { oneTimeAmount: eur("5") });
      const fieldOf = async (call: Promise<unknown>) => (await refused(call)).field;
      const { create, update } = crm.opportunities;
      expect(await fieldOf(create({ name: "x", recurringAmount: eur("5") }))).toBe("recurringInterval");
      expect(await fieldOf(create({ name: "x", recurringInterval: "year" }))).toBe("recurringAmount");
      expect(await fieldOf(update(deal.id, { recurringInterval: "year" }))).toBe("recurringAmount");
      await update(deal.id, { recurringInterval: "year", recurringAmount: eur("5") });
      expect(await fieldOf(update(deal.id, { recurringInterval: null }))).toBe("recurringInterval");
      expect(await fieldOf(update(deal.id, { recurringAmount: null }))).toBe("recurringAmount");
    }),
    crmFact("that are too large to be held are refused", async (bench) => {
      const crm = await openDomain(bench);
      const large = eur("90000000000000000");
      const yearly = crm.opportunities.create({ name: "x", recurringAmount: large, recurringInterval: "month" });
      expect((await refusedDetails(yearly)).issues).toMatchObject([
        { field: "amount", code: "out_of_range" },
        { field: "annualRecurring", code: "out_of_range" },
      ]);
      const two = { oneTimeAmount: large, recurringAmount: large, recurringInterval: "year" as const };
      expect((await refused(crm.opportunities.create({ name: "x", ...two }))).field).toBe("amount");
    }),
    crmFact("are derived, and not written by callers", async (bench) => {
      const crm = await openDomain(bench);
      for (const field of ["monthlyRecurring", "annualRecurring"]) {
        const forged = crm.opportunities.create({ name: "x", [field]: eur("5") } as never);
        expect((await refusedDetails(forged)).issues).toMatchObject([{ field, code: "read_only_field" }]);
      }
    }),
    crmFact("add up by currency", async (bench) => {
      const crm = await openDomain(bench);
      await crm.opportunities.createMany([
        { name: "a", recurringAmount: eur("100"), recurringInterval: "quarter" },
        { name: "b", recurringAmount: eur("10"), recurringInterval: "month" },
        { name: "c", recurringAmount: usd("7"), recurringInterval: "year" },
        { name: "d", oneTimeAmount: eur("7") },
      ]);
      const [figures] = await crm.opportunities.aggregate({
        measures: { monthly: sum("monthlyRecurring"), annual: sum("annualRecurring"), whole: sum("amount") },
      });
      expect(figures).toEqual({
        monthly: [eur("43.33"), usd("0.58")],
        annual: [eur("520.00"), usd("7.00")],
        whole: [eur("527.00"), usd("7.00")],
      });
    }),
    crmFact("are as they were, as of then, and dated by at", async (bench) => {
      const crm = await openDomain(bench);
      const then = crm.at(new Date("2026-03-01T09:00:00Z"));
      const deal = await then.opportunities.create({ name: "Old", oneTimeAmount: eur("5") });
      await crm.at(new Date("2026-04-01T09:00:00Z")).opportunities.update(deal.id, { oneTimeAmount: eur("6") });
      const past = crm.asOf(new Date("2026-03-15T00:00:00Z"));
      expect((await past.opportunities.get(deal.id)).amount).toEqual(eur("5.00"));
      expect((await crm.opportunities.get(deal.id)).amount).toEqual(eur("6.00"));
    }),
  ],
};
