/** A part of an order, and the day that it is due. Payments pay the earliest ones first. */
import { date, defineEntity, integer, money, reference } from "@relata/core/plugin";

export const membershipInstalment = defineEntity("membershipInstalment", {
  plural: "membershipInstalments",
  written: "operations",
  fields: {
    orderId: reference("membershipOrder", { inverse: "instalments", onDelete: "cascade" }),
    /** 1 for the first one. */
    number: integer({ min: 1 }),
    dueOn: date().indexed(),
    amount: money(),
  },
  unique: [["orderId", "number"]],
});
