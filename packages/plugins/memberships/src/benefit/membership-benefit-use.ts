/** That somebody has used a benefit on a day. What is given back stays on record, and counts no longer. */
import { date, defineEntity, integer, reference, text } from "@relata/core/plugin";

export const membershipBenefitUse = defineEntity("membershipBenefitUse", {
  plural: "membershipBenefitUses",
  written: "operations",
  fields: {
    membershipId: reference("membership", { inverse: "benefitUses", onDelete: "cascade" }),
    benefitId: reference("membershipBenefit", { inverse: "uses" }),
    /** Who has used it; null: the account that is the member. */
    contactId: reference("contact", { inverse: "benefitUses", onDelete: "detach" }).optional(),
    usedOn: date(),
    quantity: integer({ min: 1 }),
    /** How much of it was given back. */
    givenBack: integer({ min: 0 }).default(0),
    /** The caller's own: the same one is recorded once. */
    key: text({ minLength: 1, maxLength: 200 }).optional().unique(),
    note: text({ maxLength: 2_000 }).optional(),
  },
  indexes: [["membershipId", "benefitId", "usedOn"]],
});
