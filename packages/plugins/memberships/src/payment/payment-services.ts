/** What money does to memberships, as `crm.memberships` has it. */
import type { DayQuery } from "../asked.ts";
import type { MembershipsContext } from "../parts.ts";
import { type AutoRenewalInput, setAutoRenewal } from "./auto-renewal.ts";
import { type CollectInput, collectRenewals } from "./collect-renewals.ts";
import { duesOf } from "./dues.ts";
import { type GiveUpInput, giveUpOrder } from "./give-up-order.ts";
import { type PaymentInput, recordPayment } from "./record-payment.ts";
import { type RefundInput, recordRefund } from "./record-refund.ts";

export function paymentServices(context: MembershipsContext) {
  return {
    /**
     * A payment for an order. With the one that the level's rule waits for, the first instalment's or the last one's, the terms are made, on the day
     * that it was received. Reported again by its `paymentId`, nothing happens, however often and concurrently. One unit.
     *
     * @throws `invalid_input`; `not_found` for the order; `payment_differs` for an id that is recorded with another order or amount; `other_currency`,
     * `payment_exceeds_order`, `order_void`; `membership_ended`, `membership_for_life`, `terms_overlap` where the terms can no longer be made
     * @example
     * ```ts run with memberships
     * const amount = { amount: "100.00", currency: "EUR" };
     * const paying = { paymentId: "pay_1", orderId: order.id, amount, receivedOn: "2026-01-31" };
     * const { terms, repeated } = await crm.memberships.recordPayment(paying);
     * console.log(terms[0]?.endsOn, repeated); // 2027-01-30 true: it was recorded before
     * ```
     */
    recordPayment: (input: PaymentInput) => recordPayment(context, input),
    /**
     * Money that went back to the payer, all that is left of the payment unless an amount is given. By the level's rule it ends the terms. Reported
     * again, nothing happens. One unit.
     *
     * @throws `invalid_input`, `not_found`, `unknown_payment`, `refund_exceeds_payment`, `other_currency`; `payment_differs` for an id that is recorded otherwise
     * @example
     * ```ts run with memberships
     * const { order: refunded } = await crm.memberships.recordRefund({ paymentId: "re_1", refunds: "pay_1", receivedOn: "2026-03-01" });
     * console.log(refunded.state, (await crm.memberships.statusOf(membership.id, { on: "2026-03-01" })).status); // void, cancelled
     * ```
     */
    recordRefund: (input: RefundInput) => recordRefund(context, "refund", input),
    /** Money that the payer's bank took back. By the level's rule it ends the terms. @throws as `recordRefund` */
    recordChargeback: (input: RefundInput) => recordRefund(context, "chargeback", input),
    /** What of an order is due when, and paid; overdue on a day, today unless given. @throws `invalid_input`, `not_found` */
    dues: (orderId: string, query?: DayQuery) => duesOf(context, orderId, query),
    /**
     * Memberships that renew themselves are ordered and paid for by the provider, each term once; what failed is tried again. A unit for each order and
     * each payment; the provider is asked outside of them, by an id that stays the same until its answer is stored. What one membership is refused
     * for, or the provider throws, stands in `problems`.
     *
     * @throws `invalid_input`
     * @example
     * ```ts run with memberships
     * const { ordered, renewed, failed, problems } = await crm.memberships.collectRenewals({
     *   provider: { charge: async ({ chargeId }) => ({ status: "paid", paymentId: `bank ${chargeId}` }) },
     * });
     * console.log(ordered, renewed, failed, problems); // [] [] [] []: nothing is due yet
     * ```
     */
    collectRenewals: (input: CollectInput) => collectRenewals(context, input),
    /**
     * An order that is open is given up, and nothing else; whatever it waits for. Credit that it spent is there again. One unit.
     *
     * @throws `order_applied`, `order_paid_in_part`, `invalid_input`, `not_found`
     */
    giveUpOrder: (orderId: string, input?: GiveUpInput) => giveUpOrder(context, orderId, input),
    /** Whether it renews itself, and by which means of payment. One unit. @throws `invalid_input`, `not_found`, `membership_merged` */
    setAutoRenewal: (id: string, input: AutoRenewalInput) => setAutoRenewal(context, id, input),
  };
}
