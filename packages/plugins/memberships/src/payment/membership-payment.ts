/** Money that came in for an order, or went back. Each id counts once. */
import { date, defineEntity, money, oneOf, reference, text } from "@relata/core/plugin";

export const membershipPayment = defineEntity("membershipPayment", {
  plural: "membershipPayments",
  written: "operations",
  fields: {
    orderId: reference("membershipOrder", { inverse: "payments", onDelete: "cascade" }),
    /** The id of the payment, refund or chargeback where it comes from. */
    paymentId: text({ minLength: 1, maxLength: 200 }).unique(),
    kind: oneOf("payment", "refund", "chargeback").default("payment"),
    /** More than nothing, whichever way it went. */
    amount: money(),
    receivedOn: date(),
    /** The payment that goes back. */
    refundedId: reference("membershipPayment", { inverse: "refunds", onDelete: "cascade" }).optional(),
    payerContactId: reference("contact", { inverse: "membershipPayments", onDelete: "detach" }).optional(),
    payerAccountId: reference("account", { inverse: "membershipPayments", onDelete: "detach" }).optional(),
  },
});
