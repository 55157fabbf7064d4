/** That somebody is, was or will be a member of a program: one record for each member and program, with a chain of terms. */
import { boolean, date, defineEntity, money, reference, text } from "@relata/core/plugin";

export const membership = defineEntity("membership", {
  plural: "memberships",
  written: "operations",
  fields: {
    programId: reference("membershipProgram", { inverse: "memberships" }).written("once"),
    /** The member: a contact or an account. Whoever is deleted or erased leaves the membership without a name: past counts stay. */
    contactId: reference("contact", { inverse: "memberships", onDelete: "detach" }).optional(),
    accountId: reference("account", { inverse: "memberships", onDelete: "detach" }).optional(),
    /** Who pays, where it is somebody else. */
    payerContactId: reference("contact", { inverse: "paidMemberships", onDelete: "detach" }).optional(),
    payerAccountId: reference("account", { inverse: "paidMemberships", onDelete: "detach" }).optional(),
    /** The first day as a member, ever; null while there is no term. A return does not change it. */
    joinedOn: date().optional(),
    /** What the next renewal buys. */
    renewalPlanId: reference("membershipPlan", { inverse: "renewingMemberships" }),
    autoRenew: boolean().default(false),
    /** What the payment provider knows the means of payment by. */
    paymentMethod: text({ maxLength: 500 }).optional(),
    /** What a change of level left over: it is taken off the next order. */
    credit: money().optional(),
    /** What `advance` has announced: the last status, the last day it was looked at, and whether something was written since. */
    announcedStatus: text({ maxLength: 100 }).optional(),
    announcedThrough: date().optional(),
    changedSinceAnnounced: boolean().default(true).indexed(),

    // Membership numbers.
    /** Given when there is a first day; of a program with a format. */
    number: text({ minLength: 1, maxLength: 100 }).optional(),
    /** Of a member who was merged into one who was a member of the program too: the membership that has its terms since. */
    mergedIntoId: reference("membership", { inverse: "mergedFrom", onDelete: "detach" }).optional(),
  },
  unique: [
    ["programId", "contactId"],
    ["programId", "accountId"],
    ["programId", "number"],
  ],
});
