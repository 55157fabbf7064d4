/** For the tests of the whole plugin: records of judgement, and questions for those of another tenant. */
import type { CrmWith, PluginUnderTest } from "@relata/testkit";
import type { Forecasting } from "../forecasting.ts";

type Tested = PluginUnderTest<Forecasting>;

const eur = { amount: "5", currency: "EUR" };
const q4 = { period: "2026-Q4", category: "commit", amount: eur } as const;

/** An adjustment by the user whom the testkit puts above the user, and a quota. */
export const populateJudgement: Tested["populate"] = async (crm, { word, ids }) => {
  await crm.forecasting.adjust({ ...q4, userId: ids.user!, by: `${word}-user-above` });
  await crm.forecasting.setQuota({ userId: ids.user!, period: "2026-Q4", amount: eur });
};

type Asked = Pick<CrmWith<Forecasting>, "forecasting">;

export const judgementProbes: Tested["probes"] = {
  "forecasting.adjust": ({ forecasting }: Asked, ids) => [
    () => forecasting.adjust({ ...q4, userId: ids.user!, by: ids.user! }),
  ],
  "forecasting.withdraw": ({ forecasting }: Asked, ids) => [
    () => forecasting.withdraw({ id: ids.forecastAdjustment!, by: "somebody" }),
  ],
  "forecasting.adjustments": ({ forecasting }: Asked, ids) => [
    () => forecasting.adjustments({ period: "2026-Q4" }),
    () => forecasting.adjustments({ period: "2026-Q4", under: ids.user! }),
  ],
  "forecasting.judged": ({ forecasting }: Asked, ids) => [
    () => forecasting.judged({ period: "2026-Q4", under: ids.user! }),
  ],
  "forecasting.setQuota": ({ forecasting }: Asked, ids) => [
    () => forecasting.setQuota({ userId: ids.user!, period: "2026-Q4", amount: eur }),
  ],
  "forecasting.setQuotas": ({ forecasting }: Asked, ids) => [
    () => forecasting.setQuotas([{ teamId: ids.team!, period: "2026-Q4", amount: eur }]),
  ],
  "forecasting.removeQuota": ({ forecasting }: Asked, ids) => [
    () => forecasting.removeQuota({ userId: ids.user!, period: "2026-Q4" }),
  ],
  "forecasting.quotas": ({ forecasting }: Asked, ids) => [
    () => forecasting.quotas(),
    () => forecasting.quotas({ userId: ids.user! }),
  ],
};
