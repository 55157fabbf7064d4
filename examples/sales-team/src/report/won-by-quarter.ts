/** What was won in each quarter of the calendar, by the day on which it was won. */
import { count, sum } from "@relata/core";
import type { SalesCrm } from "../crm.ts";
import { formatCount, formatMoney } from "./format.ts";
import { renderTable } from "./table.ts";

export async function readWonByQuarter(crm: SalesCrm) {
  return crm.opportunities.aggregate({
    where: { status: "won" },
    groupBy: { quarter: { actualCloseDate: "quarter" } },
    measures: { won: count(), amount: sum("amount") },
    orderBy: [{ quarter: "asc" }],
  });
}

export function renderWonByQuarter(quarters: Awaited<ReturnType<typeof readWonByQuarter>>): string {
  return renderTable(quarters, [
    { head: "Quarter", cell: ({ quarter }) => quarter ?? "–" },
    { head: "Won", align: "right", cell: ({ won }) => formatCount(won) },
    { head: "Amount", align: "right", cell: ({ amount }) => formatMoney(amount) },
  ]);
}
