/** For the tests of the whole plugin: questions about categories and roll-ups for what another tenant has. */
import type { CrmWith, PluginUnderTest } from "@relata/testkit";
import type { Forecasting } from "../forecasting.ts";

type Tested = PluginUnderTest<Forecasting>;
type Asked = Pick<CrmWith<Forecasting>, "forecasting">;

const q4 = { period: "2026-Q4" } as const;
const commit = { ...q4, category: "commit" } as const;

export const rollUpProbes: Tested["probes"] = {
  "forecasting.setCategories": "names pipelines by keys, which each tenant has of its own",
  "forecasting.categories": ({ forecasting }: Asked) => [() => forecasting.categories("nobody's")],
  "forecasting.forecast": ({ forecasting }: Asked, ids) => [
    () => forecasting.forecast({ ...q4, under: ids.user! }),
    () => forecasting.forecast({ ...q4, where: { id: ids.opportunity! } }),
    () => forecasting.forecast({ ...q4, where: { accountId: ids.account! }, rollUp: "accountId", credit: "revenue" }),
  ],
  "forecasting.opportunitiesBehind": ({ forecasting }: Asked, ids) => [
    () => forecasting.opportunitiesBehind({ ...commit, line: ids.user! }),
    () => forecasting.opportunitiesBehind({ ...commit, under: ids.user! }),
    () => forecasting.opportunitiesBehind({ ...commit, rollUp: "accountId", line: ids.account! }),
  ],
  "forecasting.overdue": ({ forecasting }: Asked, ids) => [() => forecasting.overdue({ ...q4, line: ids.user! })],
  "forecasting.undated": ({ forecasting }: Asked, ids) => [() => forecasting.undated({ ...q4, line: ids.user! })],
};
