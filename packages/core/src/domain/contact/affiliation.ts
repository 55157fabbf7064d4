/** A contact's place at an account: an employee of a company, a member of a household. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { boolean, date, oneOf, reference, text } from "../../kernel/entity/fields.ts";

export const affiliation = defineEntity("affiliation", {
  plural: "affiliations",
  fields: {
    contactId: reference("contact", { inverse: "affiliations", onDelete: "cascade" }).written("once"),
    accountId: reference("account", { inverse: "affiliations", onDelete: "cascade" }).written("once"),
    kind: oneOf("employer", "household", "other").default("employer"),
    role: text({ fold: true, maxLength: 500 }).optional(),
    /** At most one of each kind is. The primary employer is the contact's `accountId`. */
    isPrimary: boolean().default(false),
    /** The first day; null: since ever. */
    validFrom: date().optional(),
    /** The last day; null: it goes on. */
    validUntil: date().optional(),
  },
  searchFor: ["contactId"],
  indexes: [["contactId", "kind"]],
  mergeKeys: [["contactId", "accountId", "kind", "role", "validFrom", "validUntil"]],
});
