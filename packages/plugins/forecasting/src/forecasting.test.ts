import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { type CrmWith, testPlugin } from "@relata/testkit";
import { expect } from "vitest";
import { type Forecasting, forecasting } from "./forecasting.ts";
import { eur, sqliteFolder } from "./forecasting-fixture.ts";

type Asked = Pick<CrmWith<Forecasting>, "forecasting">;

const quarter = { period: "2026-Q4" } as const;
const commit = { ...quarter, category: "commit", amount: eur("5") } as const;
const ends = { from: new Date("2026-01-01T00:00:00Z") };
const days = { from: "2026-01-01", to: "2026-12-31" };

testPlugin("forecasting", {
  plugin: () => forecasting(),
  storages: [
    { name: "memory", open: () => memory() },
    { name: "sqlite", open: sqliteFolder, durable: true },
    { name: "postgres", open: leasedSchemas(postgres), durable: true },
  ],
  populate: async (crm, { word, ids }) => {
    await crm.forecasting.adjust({ ...commit, userId: ids.user!, by: `${word}-user-above` });
    await crm.forecasting.setQuota({ ...quarter, userId: ids.user!, amount: eur("5") });
  },
  probes: {
    "forecasting.setCategories": "names pipelines and stages by their keys, which each tenant has of its own",
    "forecasting.categories": ({ forecasting }: Asked) => [() => forecasting.categories("nobody's")],
    "forecasting.forecast": ({ forecasting }: Asked, ids) => [
      () => forecasting.forecast({ period: "2026" }),
      () => forecasting.forecast({ period: "2026", under: ids.user! }),
      () => forecasting.forecast({ period: "2026", where: { id: ids.opportunity! } }),
      () => forecasting.forecast({ period: "2026", where: { accountId: ids.account! }, credit: "revenue" }),
    ],
    "forecasting.opportunitiesBehind": ({ forecasting }: Asked, ids) => [
      () => forecasting.opportunitiesBehind({ period: "2026", category: "pipeline" }),
      () => forecasting.opportunitiesBehind({ period: "2026", category: "pipeline", line: ids.user! }),
      () => forecasting.opportunitiesBehind({ period: "2026", category: "pipeline", under: ids.user! }),
      () =>
        forecasting.opportunitiesBehind({
          period: "2026",
          category: "pipeline",
          rollUp: "accountId",
          line: ids.account!,
        }),
    ],
    "forecasting.overdue": ({ forecasting }: Asked, ids) => [
      () => forecasting.overdue({ period: "2026" }),
      () => forecasting.overdue({ period: "2026", line: ids.user! }),
    ],
    "forecasting.undated": ({ forecasting }: Asked, ids) => [
      () => forecasting.undated({ period: "2026" }),
      () => forecasting.undated({ period: "2026", line: ids.user! }),
    ],
    "forecasting.assumed": ({ forecasting }: Asked, ids) => [
      () => forecasting.assumed({ period: "2026" }),
      () => forecasting.assumed({ period: "2026", line: ids.user! }),
    ],
    "forecasting.changes": ({ forecasting }: Asked, ids) => [
      () => forecasting.changes(ends),
      () => forecasting.changes({ ...ends, under: ids.user! }),
    ],
    "forecasting.velocity": ({ forecasting }: Asked, ids) => [
      () => forecasting.velocity(days),
      () => forecasting.velocity({ ...days, under: ids.user! }),
    ],
    "forecasting.slippage": ({ forecasting }: Asked, ids) => [
      () => forecasting.slippage(quarter),
      () => forecasting.slippage({ ...quarter, under: ids.user! }),
    ],
    "forecasting.predict": ({ forecasting }: Asked, ids) => [
      () => forecasting.predict({ period: "2030" }),
      () => forecasting.predict({ period: "2030", under: ids.user! }),
    ],
    "forecasting.backtest": ({ forecasting }: Asked, ids) => [
      () => forecasting.backtest(),
      () => forecasting.backtest({ under: ids.user! }),
    ],
    "forecasting.adjust": ({ forecasting }: Asked, ids) => [
      () => forecasting.adjust({ ...commit, userId: ids.user!, by: ids.user! }),
    ],
    "forecasting.withdraw": ({ forecasting }: Asked, ids) => [
      () => forecasting.withdraw({ id: ids.forecastAdjustment!, by: "somebody" }),
    ],
    "forecasting.adjustments": ({ forecasting }: Asked, ids) => [
      () => forecasting.adjustments(quarter),
      () => forecasting.adjustments({ ...quarter, under: ids.user! }),
    ],
    "forecasting.judged": ({ forecasting }: Asked, ids) => [() => forecasting.judged({ ...quarter, under: ids.user! })],
    "forecasting.setQuota": ({ forecasting }: Asked, ids) => [
      () => forecasting.setQuota({ ...quarter, userId: ids.user!, amount: eur("5") }),
    ],
    "forecasting.setQuotas": ({ forecasting }: Asked, ids) => [
      () => forecasting.setQuotas([{ ...quarter, teamId: ids.team!, amount: eur("5") }]),
    ],
    "forecasting.removeQuota": ({ forecasting }: Asked, ids) => [
      () => forecasting.removeQuota({ ...quarter, userId: ids.user! }),
    ],
    "forecasting.quotas": ({ forecasting }: Asked, ids) => [
      () => forecasting.quotas(),
      () => forecasting.quotas({ userId: ids.user! }),
    ],
  },
  facts: {
    "forecasts from the first opportunity on, and past instants as they were known": async ({ open, clock }) => {
      const crm = await open();
      const { id } = await crm.opportunities.create({
        name: "Rollout",
        amount: eur("12500"),
        expectedCloseDate: "2026-12-15",
      });
      await crm.opportunities.moveTo(id, "proposal");
      const then = clock.now();
      clock.set("2026-06-15T11:00:00Z");
      await crm.opportunities.update(id, { amount: eur("9000") });
      const [was] = (await crm.forecasting.forecast({ ...quarter, asOf: new Date(then) })).total;
      const [is] = (await crm.forecasting.forecast(quarter)).total;
      expect([was!.best_case, was!.commit, is!.best_case]).toEqual([[eur("12500.00")], [], [eur("9000.00")]]);
    },
  },
});
