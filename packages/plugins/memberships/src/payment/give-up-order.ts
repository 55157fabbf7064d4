/** An order that will not be paid is given up. */
import * as z from "zod";
import { daySchema, parsed } from "../asked.ts";
import { lockMemberships } from "../chain/lock-memberships.ts";
import { rewriteSpans } from "../chain/rewrite-spans.ts";
import type { MembershipsContext, OrderRecord } from "../parts.ts";
import { voidOrder } from "./make-order.ts";

export interface GiveUpInput {
  /** The day; today unless given. */
  readonly on?: string | undefined;
}

const inputSchema = z.strictObject({ on: daySchema.optional() });

/**
 * One unit. The membership stays what its terms make it; credit that the order spent is there again, and what was paid of it goes back by
 * `recordRefund`. One that is given up already stays as it is.
 *
 * @throws `order_applied` for one that has made its terms, `invalid_input`, `not_found`
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
    const gone = await voidOrder(tx, order, input.on ?? (await tx.settings.today()));
    await rewriteSpans(tx, [membershipId]);
    return gone;
  });
}
