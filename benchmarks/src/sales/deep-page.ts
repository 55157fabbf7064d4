/** A page in the middle of all beside the first one, on any storage. */
import type { Operation, Workload } from "../measure/measure.ts";
import type { Bench } from "../suite.ts";
import { FIRST_PAGE, type SalesCrm } from "./relata.ts";

export const DEEP_PAGE = "deep page";
export const DEEP_BESIDE_FIRST = ["deep", "first"] as const;
/** Days go from January to December, and pages begin in April. */
const MIDDLE = "2026-08-15";

/** The last record of the page before is found by its day; the cursor behind it is made without reading. */
export async function measureDeepPage(
  bench: Bench,
  crm: SalesCrm,
  { size, time = "cpu" }: { readonly size: number; readonly time?: Workload<Operation>["time"] },
): Promise<void> {
  if (!bench.measures(DEEP_PAGE)) return;
  const where = { ...FIRST_PAGE.where, expectedCloseDate: { gte: MIDDLE } };
  const [record] = (await crm.opportunities.list({ ...FIRST_PAGE, where, limit: 1 })).items;
  const after = await crm.opportunities.cursorAfter(record!, FIRST_PAGE);
  const read = async (page: { readonly after?: string }) => {
    const { items } = await crm.opportunities.list({ ...FIRST_PAGE, ...page, limit: 50 });
    if (items.length !== 50) throw new Error("The page is not full.");
  };
  const workload: Workload<Operation> = {
    name: DEEP_PAGE,
    what: "a page of 50 in the middle of all, in the order of the date, by its cursor, beside the first page",
    time,
    prepare: (operation) => operation,
  };
  const entrants = [
    { name: "first", contestant: () => read({}) },
    { name: "deep", contestant: () => read({ after }) },
  ];
  await bench.measure(workload, entrants, { size });
}
