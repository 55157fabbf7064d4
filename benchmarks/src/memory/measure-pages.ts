/** A page in the middle of all records beside the first one, on Relata in memory. */
import type { Operation, Workload } from "../measure/measure.ts";
import { openCrm } from "../sales/relata.ts";
import { writeSalesRows } from "../sales/sales-rows.ts";
import { FROM } from "../sales/workloads.ts";
import type { Bench } from "../suite.ts";
import { keptMemory } from "./kept-memory.ts";

export const DEEP_PAGE = "deep page";

export async function measurePages(bench: Bench, size: number): Promise<void> {
  if (!bench.measures(DEEP_PAGE)) return;
  const { adapter } = keptMemory();
  await writeSalesRows(adapter, size);
  const crm = await openCrm(adapter, Date.now);
  const query = {
    where: { status: "open", expectedCloseDate: { gte: FROM } },
    orderBy: [{ expectedCloseDate: "asc" }],
  } as const;
  const where = { status: "open", expectedCloseDate: { gte: "2026-08-15" } } as const;
  const [record] = (await crm.opportunities.list({ ...query, where, limit: 1 })).items;
  const after = await crm.opportunities.cursorAfter(record!, query);
  const read = async (page: { readonly after?: string }) => {
    const { items } = await crm.opportunities.list({ ...query, ...page, limit: 50 });
    if (items.length !== 50) throw new Error("The page is not full.");
  };
  const workload: Workload<Operation> = {
    name: DEEP_PAGE,
    what: "a page of 50 in the middle of all, in the order of the date, by its cursor, beside the first page",
    prepare: (operation) => operation,
  };
  const entrants = [
    { name: "first", contestant: () => read({}) },
    { name: "deep", contestant: () => read({ after }) },
  ];
  await bench.measure(workload, entrants, { size });
  await crm.close();
}
