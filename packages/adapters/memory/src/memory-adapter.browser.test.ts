import { count, createCrm, sum } from "@relata/core";
import { expect, it } from "vitest";
import { memory } from "./index.ts";

it("runs a whole CRM in a browser", async () => {
  expect(globalThis).toHaveProperty("document");
  const crm = await createCrm({ storage: memory(), clock: () => Date.UTC(2026, 10, 23) });
  const acme = await crm.accounts.create({ name: "Café Acme" });
  const deal = await crm.opportunities.create({
    name: "Rollout",
    accountId: acme.id,
    amount: { amount: "12500", currency: "EUR" },
  });
  await crm.opportunities.moveTo(deal.id, "proposal");

  const { items } = await crm.opportunities.list({
    where: { account: { name: { contains: "CAFE", fold: true } } },
    include: { account: true, stageEntries: true },
  });
  expect(items.map((item) => [item.account?.name, item.probability, item.stageEntries.length])).toEqual([
    ["Café Acme", "50", 2],
  ]);

  const totals = await crm.opportunities.aggregate({
    measures: { deals: count(), weighted: sum("amount", { percent: "probability" }) },
  });
  expect(totals).toEqual([{ deals: 1, weighted: [{ amount: "6250.00", currency: "EUR" }] }]);
});

it("undoes a transaction in a browser, where the guard for the outer handle falls back to waiting", async () => {
  const crm = await createCrm({ storage: memory(), waitTimeoutMs: 50 });
  await expect(
    crm.transaction(async (tx) => {
      await tx.accounts.create({ name: "Acme" });
      await crm.accounts.create({ name: "Outside" });
    }),
  ).rejects.toMatchObject({ code: "unit_wait_timeout" });
  expect(await crm.accounts.count()).toBe(0);
});
