/** The pipeline as it stood at the end of some days: what was open then, and what had been won by then. */
import { count, sum } from "@relata/core";
import type { SalesCrm } from "../crm.ts";
import { earlierDay, endOf } from "../day.ts";
import { formatCount, formatMoney } from "./format.ts";
import { renderTable } from "./table.ts";

export async function readPipelineThen(crm: SalesCrm, days: readonly string[]) {
  return Promise.all(
    days.map(async (day) => {
      const byStatus = await crm.asOf(endOf(day)).opportunities.aggregate({
        groupBy: { status: "status" },
        measures: { count: count(), amount: sum("amount") },
      });
      const of = (status: "open" | "won") => {
        const found = byStatus.find((row) => row.status === status);
        return { count: found?.count ?? 0, amount: found?.amount ?? [] };
      };
      return { day, open: of("open"), won: of("won") };
    }),
  );
}

/** The last day of each quarter, or the last day of the data where that comes first. */
export function quarterEnds(quarters: readonly { readonly quarter: string | null }[], lastDay: string): string[] {
  return quarters.flatMap(({ quarter }) => {
    if (quarter === null) return [];
    const [year, number] = quarter.split("-Q");
    const end = ["03-31", "06-30", "09-30", "12-31"][Number(number) - 1];
    return [earlierDay(`${year}-${end}`, lastDay)];
  });
}

export function renderPipelineThen(days: Awaited<ReturnType<typeof readPipelineThen>>): string {
  return renderTable(days, [
    { head: "End of", cell: ({ day }) => day },
    { head: "Open", align: "right", cell: ({ open }) => formatCount(open.count) },
    { head: "Open amount", align: "right", cell: ({ open }) => formatMoney(open.amount) },
    { head: "Won so far", align: "right", cell: ({ won }) => formatCount(won.count) },
    { head: "Won amount", align: "right", cell: ({ won }) => formatMoney(won.amount) },
  ]);
}
