/** Records with what they refer to: Relata's includes beside queries of one's own. */
import type { Answer, Workload } from "../measure/measure.ts";
import type { SalesCrm } from "./relata.ts";
import type { SalesData } from "./sales-data.ts";
import { FROM } from "./workloads.ts";

export interface IncludingContestant {
  /** With account, owner and stays in stages, all fields of each. */
  getWithThree(id: string): Answer<unknown>;
  /** The first page, with account and owner, all fields of each. */
  listWithTwo(from: string): Answer<unknown>;
}

/** Far from each other. */
const STRIDE = 7_919;

export function includesOn(data: SalesData): readonly Workload<IncludingContestant>[] {
  return [
    {
      name: "get with three includes",
      what: "one opportunity with its account, its owner and its stays in stages, beside four queries",
      prepare: (contestant) => (operation) =>
        contestant.getWithThree(data.ids[(operation * STRIDE) % data.ids.length]!),
    },
    {
      name: "list of 50 with includes",
      what: "the first page with account and owner, beside a query for the account and the owner of each row",
      prepare: (contestant) => () => contestant.listWithTwo(FROM),
    },
  ];
}

export function relataIncluding(crm: SalesCrm): IncludingContestant {
  return {
    getWithThree: (id) => crm.opportunities.get(id, { include: { account: true, owner: true, stageEntries: true } }),
    async listWithTwo(from) {
      const page = await crm.opportunities.list({
        where: { status: "open", expectedCloseDate: { gte: from } },
        orderBy: [{ expectedCloseDate: "asc" }],
        include: { account: true, owner: true },
      });
      return page.items;
    },
  };
}
