/** How many statements each question takes: as many for hundreds of opportunities, users, adjustments and quotas as for a few. */
import { createCrm } from "@relata/core";
import { hierarchies } from "@relata/hierarchies";
import { memory } from "@relata/memory";
import { expect, it } from "vitest";
import { forecasting } from "./forecasting.ts";
import { eur, makeStages } from "./forecasting-fixture.ts";

const start = Date.parse("2026-08-01T12:00:00Z");
const quarter = { period: "2026-Q4" } as const;

async function countsWith(many: number) {
  let statements = 0;
  let now = start;
  const plugins = [forecasting(), hierarchies()] as const;
  const crm = await createCrm({ storage: memory(), plugins, clock: () => now, onQuery: () => void statements++ });
  await makeStages(crm);
  await crm.exchangeRates.create({ baseCurrency: "USD", quoteCurrency: "EUR", day: "2026-01-01", rate: "0.9" });
  await crm.settings.change({ reportingCurrency: "EUR" });
  const numbers = Array.from({ length: many }, (_, at) => at);
  const user = (at: number) => `user-${String(at).padStart(4, "0")}`;
  await crm.users.create({ id: "chief", name: "Chief" });
  await crm.users.createMany(numbers.map((at) => ({ id: user(at), name: user(at), managerId: "chief" })));
  const team = await crm.teams.create({ name: "Team" });
  const accounts = await crm.accounts.createMany(numbers.map((at) => ({ name: `Account ${at}` })));
  const deal = (at: number) => ({
    ...{ name: `Deal ${at}`, ownerId: user(at), accountId: accounts[at]!.id, teamId: team.id },
    ...{ amount: { amount: "100", currency: at % 2 ? "USD" : "EUR" }, expectedCloseDate: "2026-11-15" },
  });
  const deals = await crm.opportunities.createMany([...numbers, ...numbers].map(deal));
  now += 86_400_000 * 92;
  const from = new Date(now - 1);
  const some = deals.slice(many).map(({ id }) => id);
  await crm.opportunities.updateMany(some.map((id) => ({ id, expectedCloseDate: "2026-12-20" })));
  await crm.opportunities.moveMany(some.slice(0, many / 2).map((id) => ({ id, stage: "won" })));
  const word = { ...quarter, category: "commit", amount: eur("5") } as const;
  await crm.forecasting.setQuotas(numbers.map((at) => ({ ...quarter, userId: user(at), amount: eur("100") })));
  for (const at of numbers) await crm.forecasting.adjust({ ...word, userId: user(at), by: "chief" });

  const counted: { [question: string]: number } = {};
  const count = async (question: string, answer: () => Promise<unknown>) => {
    const before = statements;
    await answer();
    counted[question] = statements - before;
  };
  const ask = crm.forecasting;
  const converted = { convert: { in: "EUR" } } as const;
  await count("categories", () => ask.categories());
  await count("forecast", () => ask.forecast(quarter));
  await count("forecast converted", () => ask.forecast({ ...quarter, ...converted }));
  await count("forecast by account", () => ask.forecast({ ...quarter, rollUp: "account" }));
  await count("forecast by splits", () => ask.forecast({ ...quarter, credit: "revenue", measure: "one_time" }));
  await count("forecast under", () => ask.forecast({ ...quarter, under: "chief" }));
  await count("forecast asOf", () => ask.forecast({ ...quarter, asOf: from }));
  await count("opportunitiesBehind", () => ask.opportunitiesBehind({ ...quarter, category: "pipeline", limit: 5 }));
  await count("overdue", () => ask.overdue({ ...quarter, limit: 5 }));
  await count("undated", () => ask.undated({ ...quarter, limit: 5 }));
  await count("assumed", () => ask.assumed({ ...quarter, asOf: from, limit: 5 }));
  await count("changes", () => ask.changes({ ...quarter, from }));
  await count("changes converted", () => ask.changes({ ...quarter, ...converted, from }));
  await count("changes under", () => ask.changes({ ...quarter, from, under: "chief" }));
  await count("velocity", () => ask.velocity({ from: "2026-08-01", to: "2026-11-01" }));
  await count("slippage", () => ask.slippage({ ...quarter, by: "owner" }));
  await count("predict", () => ask.predict({ ...quarter, ...converted }));
  await count("judged", () => ask.judged({ ...quarter, ...converted }));
  await count("adjustments", () => ask.adjustments(quarter));
  await count("quotas", () => ask.quotas());
  await count("adjust", () => ask.adjust({ ...word, userId: "chief", by: "chief" }));
  await count("setQuota", () => ask.setQuota({ ...quarter, userId: "chief", amount: eur("9") }));
  await count("setQuotas", () =>
    ask.setQuotas(numbers.map((at) => ({ ...quarter, userId: user(at), amount: eur("7") }))),
  );
  await count("removeQuota", () => ask.removeQuota({ ...quarter, userId: "chief" }));
  await count("setCategories", () => ask.setCategories({ stages: everyOpenStage }));
  await count("merge of users", () => crm.users.merge(user(0), user(1)));
  await crm.close();
  return counted;
}

const everyOpenStage = {
  ...({ pipeline: "pipeline", best_case: "best_case", most_likely: "most_likely" } as const),
  ...({ commit: "commit", omitted: "omitted" } as const),
};

it("does not grow with what there is", { timeout: 60_000 }, async () => {
  const few = await countsWith(10);
  expect(few).toMatchObject({
    ...{ categories: 3, forecast: 12, opportunitiesBehind: 5, changes: 9, "changes converted": 13, judged: 12 },
    ...{ velocity: 5, slippage: 10, adjust: 14, adjustments: 6, quotas: 2, setQuotas: 7, setCategories: 4 },
  });
  expect(await countsWith(90)).toEqual(few);
});
