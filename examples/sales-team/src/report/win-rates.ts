/** Win rates and sales cycles of closed opportunities: of all, by owner, by the owner's manager. */
import { avg, count, type Money, sum } from "@relata/core";
import type { SalesCrm } from "../crm.ts";
import { formatCount, formatMean, formatMoney, formatShare } from "./format.ts";
import { renderTable } from "./table.ts";

export interface WinRate {
  readonly name: string;
  readonly won: number;
  readonly lost: number;
  /** Of those won; null where none is. */
  readonly meanDaysToWin: string | null;
  readonly wonAmount: readonly Money[];
}

export interface WinRates {
  readonly all: WinRate;
  /** By won amount, the greatest first. */
  readonly byOwner: readonly WinRate[];
  readonly byManager: readonly WinRate[];
}

interface Figures {
  readonly status: string | null;
  readonly closed: number;
  readonly meanDays: string | null;
  readonly amount: readonly Money[];
}

const closed = { status: { in: ["won", "lost"] } } as const;
const measures = { closed: count(), meanDays: avg("salesCycleDays"), amount: sum("amount") };

export async function readWinRates(crm: SalesCrm): Promise<WinRates> {
  const names = new Map<string, string>();
  for await (const { id, name } of crm.users.iterate({ select: ["name"] })) names.set(id, name);
  const nameOf = (id: string | null) => (id === null ? "(nobody)" : (names.get(id) ?? id));

  const all = await crm.opportunities.aggregate({ where: closed, groupBy: { status: "status" }, measures });
  const byOwner = await crm.opportunities.aggregate({
    where: closed,
    groupBy: { owner: "ownerId", status: "status" },
    measures,
  });
  const byManager = await crm.opportunities.aggregate({
    where: closed,
    groupBy: { manager: { owner: "managerId" }, status: "status" },
    measures,
  });
  return {
    all: winRate("All", all),
    byOwner: winRatesBy(byOwner, (row) => nameOf(row.owner)),
    byManager: winRatesBy(byManager, (row) => nameOf(row.manager)),
  };
}

export function renderWinRates(rates: readonly WinRate[], who: string): string {
  return renderTable(rates, [
    { head: who, cell: ({ name }) => name },
    { head: "Won", align: "right", cell: ({ won }) => formatCount(won) },
    { head: "Lost", align: "right", cell: ({ lost }) => formatCount(lost) },
    { head: "Win rate", align: "right", cell: ({ won, lost }) => formatShare(won, won + lost) },
    { head: "Mean days to win", align: "right", cell: ({ meanDaysToWin }) => formatMean(meanDaysToWin) },
    { head: "Won amount", align: "right", cell: ({ wonAmount }) => formatMoney(wonAmount) },
  ]);
}

function winRatesBy<Row extends Figures>(rows: readonly Row[], nameOf: (row: Row) => string): readonly WinRate[] {
  const rates = [...Map.groupBy(rows, nameOf)].map(([name, group]) => winRate(name, group));
  const worth = ({ wonAmount }: WinRate) => Number(wonAmount[0]?.amount ?? 0);
  return rates.sort((one, other) => worth(other) - worth(one));
}

function winRate(name: string, rows: readonly Figures[]): WinRate {
  const won = rows.find(({ status }) => status === "won");
  const lost = rows.find(({ status }) => status === "lost");
  return {
    name,
    won: won?.closed ?? 0,
    lost: lost?.closed ?? 0,
    meanDaysToWin: won?.meanDays ?? null,
    wonAmount: won?.amount ?? [],
  };
}
