/** A level of a program, with the rules of its memberships. Its prices are its plans'. */
import { boolean, defineEntity, integer, json, oneOf, reference, text } from "@relata/core/plugin";
import { inheritanceSchema } from "../inheritance/inheritance-rule.ts";
import { dayOffsetsSchema } from "./day-offsets.ts";

const memberKinds = ["person", "household", "organization"] as const;

export const membershipLevel = defineEntity("membershipLevel", {
  plural: "membershipLevels",
  fields: {
    programId: reference("membershipProgram", { inverse: "levels", onDelete: "cascade" }).written("once"),
    key: text({ minLength: 1, maxLength: 100 }),
    name: text({ fold: true, minLength: 1, maxLength: 200 }),
    /** Its place in the order of the program's levels: an upgrade leads to a higher one. */
    rank: integer({ min: 0 }),
    visibility: oneOf("public", "internal").default("public"),
    /** Who may join: a contact, an account that is a household (a joint membership), or an account that is an organisation. */
    memberKind: oneOf(...memberKinds).default("person"),
    /** The most memberships of this level that count or pause on a day; null: any number. */
    seats: integer({ min: 0 }).optional(),
    /** In whole years on the day of joining; a contact without a date of birth is refused where one is given. */
    minAge: integer({ min: 0, max: 150 }).optional(),
    maxAge: integer({ min: 0, max: 150 }).optional(),
    /** Who joins must be a member of this program, and of this level, on the day of joining. */
    requiresProgramId: reference("membershipProgram", { inverse: "prerequisiteOf" }).optional(),
    requiresLevelId: reference("membershipLevel", { inverse: "prerequisiteOf" }).optional(),

    /** What extends: the order alone (paid later), its first instalment, or the last one. */
    extendsOn: oneOf("order", "first_instalment", "last_instalment").default("last_instalment"),
    /** What a refund, and a chargeback, that leaves less paid than what extended does to the terms that it paid for. */
    onRefund: oneOf("end", "keep").default("end"),
    onChargeback: oneOf("end", "keep").default("end"),
    /** How a renewal in grace counts: from the end of the term before, or from a new anchor, the day of the renewal. */
    graceRenewal: oneOf("continue", "restart").default("continue"),
    /** The most days before the end of the last term on which it can be renewed; null: at any time. */
    earlyRenewalDays: integer({ min: 0 }).optional(),
    /** What of the price counts when the level changes within a term: what is left of it by days, or all of it. */
    proration: oneOf("daily", "none").default("daily"),
    /** Whether the days of a pause are added to the term. */
    pauseExtends: boolean().default(true),
    maxPauseDays: integer({ min: 1 }).optional(),
    autoRenewal: oneOf("none", "optional", "required").default("none"),
    /** How many days before the end of the last term a renewal is asked of the payment provider. */
    renewalLeadDays: integer({ min: 0, max: 366 }).default(0),
    /** Days after a failed attempt on which it is tried again: the first, the second, … After the last one it is given up. */
    retryDays: json(() => dayOffsetsSchema()).default([1, 3, 7]),
    /** Days before the end of the last term on which a reminder is due. */
    reminderDays: json(() => dayOffsetsSchema()).default([30, 7]),

    // Inheritance: who has the membership through its member.
    /** The ties that give it; null: that of a household's members to it, and no other. */
    inheritance: json(() => inheritanceSchema()).optional(),
    /** The most persons who have it through one member; null: any number. */
    maxInherited: integer({ min: 0 }).optional(),
  },
  unique: [
    ["programId", "key"],
    ["programId", "rank"],
  ],
});
