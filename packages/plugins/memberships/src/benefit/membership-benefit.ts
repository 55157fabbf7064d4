/** A right that members of a program have: guest passes, loans, a vote. How much of it, each level says. */
import { defineEntity, integer, oneOf, reference, text } from "@relata/core/plugin";

/**
 * What a quota is for: a term; a year or a month, counted from the first day of the unbroken chain; a year or a month of the calendar; or the
 * whole membership.
 */
export const benefitPeriods = ["term", "year", "month", "calendar_year", "calendar_month", "lifetime"] as const;

export const membershipBenefit = defineEntity("membershipBenefit", {
  plural: "membershipBenefits",
  fields: {
    programId: reference("membershipProgram", { inverse: "benefits", onDelete: "cascade" }).written("once"),
    /** What it is asked for by ("guest_pass"). */
    key: text({ minLength: 1, maxLength: 100 }),
    name: text({ fold: true, minLength: 1, maxLength: 200 }),
    period: oneOf(...benefitPeriods)
      .default("year")
      .written("once"),
    /** What is left at the end of a period: it ends with it, can be used in the next one, or for as long as the chain goes on. */
    carryOver: oneOf("none", "next_period", "always").default("none"),
    /** The most that is carried into a period; null: any amount. */
    maxCarried: integer({ min: 0 }).optional(),
    /** Whether all who have the membership share one quota, or each person has it whole. */
    quotaOf: oneOf("membership", "person").default("membership").written("once"),
  },
  unique: [["programId", "key"]],
});
