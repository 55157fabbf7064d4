/** What came of it: all that was won in a span of days, as known now. */
import { dayAt, dayNumberOf } from "@relata/core/plugin";
import type { ForecastingContext } from "../parts.ts";
import type { KnownDeal } from "../prediction/read-deals.ts";

export async function readWon(
  at: ForecastingContext,
  { from, to }: { readonly from: number; readonly to: number },
  where: object,
): Promise<readonly KnownDeal[]> {
  const won = { status: "won", actualCloseDate: { between: [dayAt(from), dayAt(to)] } };
  const deals: KnownDeal[] = [];
  const query = { where: { and: [won, where] } as never, select: ["ownerId", "amount", "actualCloseDate"] } as const;
  for await (const { id, ownerId, amount, actualCloseDate } of at.opportunities.iterate(query)) {
    const day = dayNumberOf(actualCloseDate!);
    const stays = [{ stage: "", from: day, until: day, exit: "won" as const }];
    deals.push({ id, owner: ownerId ?? "", money: amount, createdOn: day, amount: Number(amount?.amount ?? 0), stays });
  }
  return deals;
}
