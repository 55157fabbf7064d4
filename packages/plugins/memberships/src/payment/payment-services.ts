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
    /** A payment for an order; reported again, nothing happens. @throws `payment_differs`, `other_currency`, `payment_exceeds_order`, `order_void` */
    recordPayment: (input: PaymentInput) => recordPayment(context, input),
    /** Money that went back to the payer. By the level's rule it ends the terms. @throws `refund_exceeds_payment`, `unknown_payment`, `payment_differs` */
    recordRefund: (input: RefundInput) => recordRefund(context, "refund", input),
    /** Money that the payer's bank took back. By the level's rule it ends the terms. @throws as `recordRefund` */
    recordChargeback: (input: RefundInput) => recordRefund(context, "chargeback", input),
    /** What of an order is due when, and paid; overdue on a day, today unless given. @throws `not_found` */
    dues: (orderId: string, query?: DayQuery) => duesOf(context, orderId, query),
    /** Memberships that renew themselves are ordered and paid for by the provider, each term once; what failed is tried again. */
    collectRenewals: (input: CollectInput) => collectRenewals(context, input),
    /** An order that is open is given up, and nothing else; whatever it waits for. @throws `order_applied`, `order_paid_in_part`, `not_found` */
    giveUpOrder: (orderId: string, input?: GiveUpInput) => giveUpOrder(context, orderId, input),
    /** Whether it renews itself, and by which means of payment. @throws `invalid_input`, `not_found` */
    setAutoRenewal: (id: string, input: AutoRenewalInput) => setAutoRenewal(context, id, input),
  };
}
