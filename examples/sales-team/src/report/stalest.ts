/** The open opportunities that have been in their stage the longest, and how many have been there too long. */
import type { SalesCrm } from "../crm.ts";
import { daysUntil, noonOf } from "../day.ts";
import { formatCount, formatMoney } from "./format.ts";
import { renderTable } from "./table.ts";

const shown = 10;
const dayMs = 86_400_000;

export interface Stalest {
  readonly rows: readonly StaleOpportunity[];
  /** How many open opportunities there are, and how many of them have been in their stage longer than it allows. */
  readonly open: number;
  readonly stale: number;
}

interface StaleOpportunity {
  readonly name: string;
  readonly account: string;
  readonly owner: string;
  readonly stage: string;
  readonly daysInStage: number;
  readonly amount: string;
}

/** Ages are measured to noon of `day`. */
export async function readStalest(crm: SalesCrm, day: string): Promise<Stalest> {
  const { items } = await crm.opportunities.list({
    where: { status: "open" },
    orderBy: [{ stageEnteredAt: "asc" }, { externalId: "asc" }],
    include: { account: true, owner: true, stage: true },
    limit: shown,
  });
  const rows = items.map((opportunity) => ({
    name: `${opportunity.externalId} ${opportunity.name}`,
    account: opportunity.account?.name ?? "–",
    owner: opportunity.owner?.name ?? "–",
    stage: opportunity.stage?.name ?? "–",
    daysInStage: daysUntil(day, opportunity.stageEnteredAt),
    amount: formatMoney(opportunity.amount === null ? [] : [opportunity.amount]),
  }));
  const open = await crm.opportunities.count({ where: { status: "open" } });
  return { rows, open, stale: await countStale(crm, day) };
}

async function countStale(crm: SalesCrm, day: string): Promise<number> {
  const { items: stages } = await crm.stages.list({ where: { outcome: "open", staleAfterDays: { ne: null } } });
  let stale = 0;
  for (const { id, staleAfterDays } of stages) {
    const limit = new Date(noonOf(day).getTime() - (staleAfterDays ?? 0) * dayMs);
    stale += await crm.opportunities.count({ where: { stageId: id, stageEnteredAt: { lt: limit } } });
  }
  return stale;
}

export function renderStalest({ rows }: Stalest): string {
  return renderTable(rows, [
    { head: "Opportunity", cell: ({ name }) => name },
    { head: "Account", cell: ({ account }) => account },
    { head: "Owner", cell: ({ owner }) => owner },
    { head: "Stage", cell: ({ stage }) => stage },
    { head: "Days in stage", align: "right", cell: ({ daysInStage }) => formatCount(daysInStage) },
    { head: "Amount", align: "right", cell: ({ amount }) => amount },
  ]);
}
