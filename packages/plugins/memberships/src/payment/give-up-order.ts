/** An order that will not be paid is given up. */
import * as z from "zod";
import { daySchema, parsed } from "../asked.ts";
import { lockMemberships } from "../chain/lock-memberships.ts";
import { rewriteSpans } from "../chain/rewrite-spans.ts";
import type { MembershipsContext, OrderRecord } from "../parts.ts";
import { voidOrder } from "./make-order.ts";
import { isNothing } from "./money-amounts.ts";

export interface GiveUpInput {
  /** The day; today unless given. */
  readonly on?: string | undefined;
}

const inputSchema = z.strictObject({ on: daySchema.optional() });

/**
 * One unit. The membership stays what its terms make it, and credit that the order spent is there again. One that is given up already stays as
 * it is. What the provider was to be asked for is not ordered again for that term.
 *
 * @throws `order_applied` for one that has made its terms, `order_paid_in_part` for one of which something is paid, `invalid_input`, `not_found`
 */
export async function giveUpOrder(
  context: MembershipsContext,
  orderId: string,
  given: GiveUpInput = {},
): Promise<OrderRecord> {
  const input = parsed("membershipOrder", inputSchema, given);
  return context.transaction(async (tx) => {
    const { membershipId } = await tx.membershipOrders.get(orderId, { select: ["membershipId"] });
    await lockMemberships(tx, [membershipId]);
    const order = await tx.membershipOrders.get(orderId);
    if (order.state === "void") return order;
    if (order.state === "applied") throw tx.error("order_applied", { entity: "membershipOrder", id: orderId });
    if (!isNothing(order.paid)) {
      const { amount: paid, currency } = order.paid;
      throw tx.error("order_paid_in_part", { entity: "membershipOrder", id: orderId, paid, currency });
    }
    const gone = await voidOrder(tx, order, input.on ?? (await tx.settings.today()));
    await rewriteSpans(tx, [membershipId]);
    return gone;
  });
}
