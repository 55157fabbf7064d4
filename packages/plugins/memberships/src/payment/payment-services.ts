/** What money does to memberships, as `crm.memberships` has it. */
import type { MembershipsContext } from "../parts.ts";
import { type PaymentInput, recordPayment } from "./record-payment.ts";

export function paymentServices(context: MembershipsContext) {
  return {
    /** A payment for an order; reported again, nothing happens. @throws `payment_differs`, `other_currency`, `payment_exceeds_order`, `order_void` */
    recordPayment: (input: PaymentInput) => recordPayment(context, input),
  };
}
