/** A term of a membership: what has been paid for, or granted, from one day to another. Terms of a membership never overlap. */
import { boolean, date, defineEntity, integer, money, oneOf, reference, text } from "@relata/core/plugin";

const termOrigins = ["join", "renewal", "return", "upgrade", "downgrade", "transfer", "import"] as const;

export const membershipTerm = defineEntity("membershipTerm", {
  plural: "membershipTerms",
  written: "operations",
  fields: {
    membershipId: reference("membership", { inverse: "terms", onDelete: "cascade" }),
    levelId: reference("membershipLevel", { inverse: "terms" }),
    planId: reference("membershipPlan", { inverse: "terms" }),
    /** What it was bought by; null: granted, imported or transferred. */
    orderId: reference("membershipOrder", { inverse: "terms", onDelete: "detach" }).optional(),
    origin: oneOf(...termOrigins),
    /** The first day of the unbroken chain that it belongs to, as a member. */
    chainStartsOn: date(),
    /** Term `position` starts at the anchor plus so many lengths. */
    anchorOn: date(),
    position: integer({ min: 0 }),
    startsOn: date(),
    /** The last day; null: for life. */
    endsOn: date().optional(),
    /** The first day as a member by this term: of a fixed period that was joined later, the day of joining, else `startsOn`. */
    countsFrom: date(),
    /** What it cost; null: nothing, it is complimentary. */
    price: money().optional(),
    complimentary: boolean().default(false),
    /** Where it never took place, or no longer counts: refunded before it began, or given up by a return. It stays on record. */
    voidedOn: date().optional(),
    voidReason: text({ maxLength: 500 }).optional(),
  },
  indexes: [["membershipId", "startsOn"], ["endsOn"]],
});
