/** The pipeline board: what stands in each stage, and what it is worth. */
import type { SalesCrm } from "../crm.ts";
import { formatCount, formatMoney } from "./format.ts";
import { renderTable } from "./table.ts";

export async function readBoard(crm: SalesCrm, pipeline: string) {
  return crm.opportunities.board({ pipeline, limit: 0 });
}

export function renderBoard(board: Awaited<ReturnType<typeof readBoard>>): string {
  return renderTable(board, [
    { head: "Stage", cell: ({ stage }) => stage.name },
    { head: "Probability", align: "right", cell: ({ stage }) => `${stage.probability} %` },
    { head: "Opportunities", align: "right", cell: ({ count }) => formatCount(count) },
    { head: "Amount", align: "right", cell: ({ amount }) => formatMoney(amount) },
    { head: "Weighted amount", align: "right", cell: ({ weighted }) => formatMoney(weighted) },
  ]);
}
