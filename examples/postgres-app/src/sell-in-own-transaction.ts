/** The same in a transaction of the application, which the CRM joins: for code that has begun one already. */
import type { Shop } from "./open-shop.ts";
import type { Sale } from "./sell.ts";
import { together } from "./together.ts";

/** The number of the order. */
export function sellInOwnTransaction(shop: Pick<Shop, "crm" | "db">, { dealId, totalCents }: Sale): Promise<number> {
  return together(shop, async (trx, unit) => {
    const { accountId } = await unit.opportunities.moveTo(dealId, "won");
    const order = await trx
      .insertInto("shop_order")
      .values({ account_id: accountId!, total_cents: totalCents })
      .returning("id")
      .executeTakeFirstOrThrow();
    return order.id;
  });
}
