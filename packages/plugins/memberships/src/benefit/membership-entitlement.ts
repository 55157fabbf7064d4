/** That members on a level have a benefit, and how much of it in each period. */
import { defineEntity, integer, reference } from "@relata/core/plugin";

export const membershipEntitlement = defineEntity("membershipEntitlement", {
  plural: "membershipEntitlements",
  fields: {
    levelId: reference("membershipLevel", { inverse: "entitlements", onDelete: "cascade" }).written("once"),
    /** Of the same program. */
    benefitId: reference("membershipBenefit", { inverse: "entitlements", onDelete: "cascade" }).written("once"),
    /** Null: without limit. */
    quota: integer({ min: 0 }).optional(),
  },
  unique: [["levelId", "benefitId"]],
});
