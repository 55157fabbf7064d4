/** What a member has ordered: to join, to renew, to change the level. Once enough of it is paid, its terms are made, once. */
import { boolean, date, defineEntity, integer, money, oneOf, reference, text } from "@relata/core/plugin";

export const orderKinds = ["join", "renewal", "return", "upgrade", "downgrade"] as const;

export const membershipOrder = defineEntity("membershipOrder", {
  plural: "membershipOrders",
  written: "operations",
  fields: {
    membershipId: reference("membership", { inverse: "orders", onDelete: "cascade" }),
    kind: oneOf(...orderKinds),
    levelId: reference("membershipLevel", { inverse: "orders" }),
    planId: reference("membershipPlan", { inverse: "orders" }),
    /** How many terms at once. */
    termCount: integer({ min: 1, max: 100 }).default(1),
    orderedOn: date(),
    /** The day that it is to begin; null: the day that it is applied, or after the last term. */
    wantedOn: date().optional(),
    /** What is to be paid, after credit. */
    amount: money(),
    credited: money().optional(),
    /** Payments less refunds and chargebacks. */
    paid: money(),
    /** `applied`: its terms are made. `void`: given up, or ended by a refund. */
    state: oneOf("open", "applied", "void").default("open"),
    /** The day since which it is in this state. */
    stateOn: date(),
    complimentary: boolean().default(false),
    /** Made once for each key: an automatic renewal has the term that it renews in it. */
    key: text({ minLength: 1, maxLength: 200 }).optional().unique(),
    payerContactId: reference("contact", { inverse: "membershipOrders", onDelete: "detach" }).optional(),
    payerAccountId: reference("account", { inverse: "membershipOrders", onDelete: "detach" }).optional(),
    /** Whether the payment provider is asked for it, how often it has been in vain, and on which day it is asked next. */
    automatic: boolean().default(false),
    failures: integer({ min: 0 }).default(0),
    nextAttemptOn: date().optional().indexed(),
    lastFailure: text({ maxLength: 2_000 }).optional(),
  },
  indexes: [["membershipId", "state"]],
});
