/** What one can be a member of: a society, a chapter of it, a museum's circle of friends. */
import { defineEntity, integer, json, oneOf, reference, text } from "@relata/core/plugin";
import { statusRulesSchema } from "../status/status-rule.ts";

export const membershipProgram = defineEntity("membershipProgram", {
  plural: "membershipPrograms",
  fields: {
    /** What it is asked for by ("society"). */
    key: text({ minLength: 1, maxLength: 100 }).unique(),
    name: text({ fold: true, minLength: 1, maxLength: 200 }),
    /** The organisation whose program it is. */
    accountId: reference("account", { inverse: "membershipPrograms", onDelete: "detach" }).optional(),
    /** The program that this one is a chapter of. */
    parentId: reference("membershipProgram", { inverse: "chapters", tree: true }).optional(),
    /** An ISO 4217 code: of all its prices, and so of all its payments. */
    currency: text({ maxLength: 3 }).written("once"),
    visibility: oneOf("public", "internal").default("public"),
    /** The most memberships that count or pause on a day; null: any number. */
    seats: integer({ min: 0 }).optional(),
    /** Null: the default rules. They leave no day uncovered (`status_rules_incomplete`). */
    statusRules: json(() => statusRulesSchema()).optional(),

    // Membership numbers.
    /** "{year}-{number:4}": see `formatNumber`. Null: members have no numbers but those that are given by hand. */
    numberFormat: text({ maxLength: 100 }).optional(),
    /** Whether numbers begin anew with each year of joining. */
    numberRestart: oneOf("never", "yearly").default("never"),
  },
});
