/** Records with what they refer to: Relata's includes beside queries of one's own. */
import type { Answer, Workload } from "../measure/measure.ts";
import { FIRST_PAGE, type SalesCrm } from "./relata.ts";
import type { SalesData } from "./sales-data.ts";
import { STRIDE } from "./workloads.ts";

export const GET_INCLUDING = "get with three includes";
export const LIST_INCLUDING = "list of 50 with three includes";

/** Opportunities with account, owner and stays in stages, all fields of each. */
export interface Including {
  get(id: string): Answer<object>;
  /** The first page. */
  list(): Answer<readonly object[]>;
}

export function includesOn({ ids }: SalesData): readonly Workload<Including>[] {
  return [
    {
      name: GET_INCLUDING,
      what: "one opportunity with its account, its owner and its stays in stages, beside four queries",
      prepare: (contestant) => (operation) => contestant.get(ids[(operation * STRIDE) % ids.length]!),
    },
    {
      name: LIST_INCLUDING,
      what: "the first page with the same, beside three queries for each row",
      prepare: (contestant) => () => contestant.list(),
    },
  ];
}

const include = { account: true, owner: true, stageEntries: true } as const;

export function relataIncluding(crm: SalesCrm): Including {
  return {
    get: (id) => crm.opportunities.get(id, { include }),
    list: async () => (await crm.opportunities.list({ ...FIRST_PAGE, include })).items,
  };
}
