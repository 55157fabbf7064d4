/** A deal is won and its order is placed, or neither: in a transaction of the CRM, which the order joins. Prefer this way. */
import type { Shop } from "./open-shop.ts";

export interface Sale {
  readonly dealId: string;
  readonly totalCents: number;
}

/**
 * The number of the order. The SDK sees the commit: events and `committed` hooks follow by themselves, a race that is lost is run again, and
 * by its key the sale happens once, however often it is asked for, also where the reply to the commit was lost.
 */
export function sell({ crm }: Pick<Shop, "crm">, { dealId, totalCents }: Sale): Promise<number> {
  return crm.transaction(
    async (tx) => {
      const { accountId } = await tx.opportunities.moveTo(dealId, "won");
      const order = await tx
        .native()
        .insertInto("shop_order")
        .values({ account_id: accountId!, total_cents: totalCents })
        .returning("id")
        .executeTakeFirstOrThrow();
      return order.id;
    },
    { retries: 3, idempotencyKey: `sell ${dealId}` },
  );
}
