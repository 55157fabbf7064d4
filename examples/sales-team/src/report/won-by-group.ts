/** What was won by groups of accounts: of the account at the top itself, and of all that belong to it. */
import { count, type Money, sum } from "@relata/core";
import type { SalesCrm } from "../crm.ts";
import { formatCount, formatMoney } from "./format.ts";
import { renderTable } from "./table.ts";

export interface WonByGroup {
  readonly name: string;
  /** How many accounts are below it. */
  readonly subsidiaries: number;
  readonly own: readonly Money[];
  readonly total: readonly Money[];
}

/** Groups of more than one account, by what they have won together, the greatest first. */
export async function readWonByGroup(crm: SalesCrm): Promise<readonly WonByGroup[]> {
  const won = await crm.hierarchies.rollUpAll({
    entity: "opportunity",
    where: { status: "won" },
    measures: { amount: sum("amount") },
  });
  const sizes = await crm.hierarchies.rollUpAll({ entity: "account", measures: { accounts: count() } });
  const tops = new Map(sizes.map(({ id, parentId, total }) => [id, parentId === null ? total.accounts : 0]));
  const groups = won.filter(({ id }) => (tops.get(id) ?? 0) > 1);
  const { items } = await crm.accounts.list({ where: { id: { in: groups.map(({ id }) => id) } }, limit: 1_000 });
  const names = new Map(items.map(({ id, name }) => [id, name]));
  return groups
    .map(({ id, own, total }) => ({
      name: names.get(id) ?? id,
      subsidiaries: (tops.get(id) ?? 1) - 1,
      own: own.amount,
      total: total.amount,
    }))
    .sort((one, other) => worth(other) - worth(one));
}

export function renderWonByGroup(groups: readonly WonByGroup[]): string {
  return renderTable(groups, [
    { head: "Group", cell: ({ name }) => name },
    { head: "Subsidiaries", align: "right", cell: ({ subsidiaries }) => formatCount(subsidiaries) },
    { head: "Won itself", align: "right", cell: ({ own }) => formatMoney(own) },
    { head: "Won with them", align: "right", cell: ({ total }) => formatMoney(total) },
  ]);
}

function worth({ total }: WonByGroup): number {
  return Number(total[0]?.amount ?? 0);
}
