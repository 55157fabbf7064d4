/** A postal address of a contact or an account. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { boolean, date, reference, text } from "../../kernel/entity/fields.ts";

export const postalAddress = defineEntity("postalAddress", {
  plural: "postalAddresses",
  fields: {
    contactId: reference("contact", { inverse: "postalAddresses", onDelete: "cascade" }).optional().written("once"),
    accountId: reference("account", { inverse: "postalAddresses", onDelete: "cascade" }).optional().written("once"),
    /** Street, house number, and what else stands before the place: one line or several, as written. */
    street: text({ maxLength: 1_000 }).optional(),
    city: text({ fold: true, maxLength: 200 }).optional(),
    region: text({ maxLength: 200 }).optional(),
    postalCode: text({ fold: true, maxLength: 50 }).optional().indexed(),
    /** The ISO 3166-1 code of two letters. */
    country: text({ maxLength: 2 }).optional(),
    /** "billing", "shipping", "home", … */
    kind: text({ maxLength: 100 }).optional(),
    /** One of each contact or account is. */
    isPrimary: boolean().default(false),
    /** Since when nothing may be sent to it, and who says so. */
    optedOutOn: date().optional(),
    optedOutSource: text({ maxLength: 500 }).optional(),
    /** Since when it is known not to work, and who says so. */
    invalidOn: date().optional(),
    invalidSource: text({ maxLength: 500 }).optional(),
  },
  searchFor: ["contactId", "accountId"],
  mergeKeys: [["contactId", "accountId", "kind", "street", "city", "region", "postalCode", "country"]],
});
