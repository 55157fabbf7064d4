/** The sum of all amounts at the rates of their days beside the plain one, on any storage. */
import { sum } from "@relata/core";
import type { Workload } from "../measure/measure.ts";
import type { Bench } from "../suite.ts";
import type { SalesCrm } from "./relata.ts";

export const CONVERTED_SUM = "converted sum";
export const CONVERTED_BESIDE_PLAIN = ["converted", "plain"] as const;

const converted = sum("amount", { in: "EUR", on: "expectedCloseDate" });

export async function measureConvertedSum(
  bench: Bench,
  crm: SalesCrm,
  { size, time = "cpu" }: { readonly size: number; readonly time?: "cpu" | "wall" },
): Promise<void> {
  const workload: Workload<typeof converted> = {
    name: CONVERTED_SUM,
    what: "all amounts in one currency, each by the rate of its own day, beside their sum by currency",
    time,
    prepare: (amount) => () => crm.opportunities.aggregate({ measures: { amount } }),
  };
  const entrants = [
    { name: "plain", contestant: sum("amount") as typeof converted },
    { name: "converted", contestant: converted },
  ];
  await bench.measure(workload, entrants, { size });
}
