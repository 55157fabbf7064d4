/** An e-mail address of a contact or an account. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { boolean, date, reference, text } from "../../kernel/entity/fields.ts";

export const emailAddress = defineEntity("emailAddress", {
  plural: "emailAddresses",
  fields: {
    contactId: reference("contact", { inverse: "emailAddresses", onDelete: "cascade" }).optional().written("once"),
    accountId: reference("account", { inverse: "emailAddresses", onDelete: "cascade" }).optional().written("once"),
    /** As written. */
    address: text({ fold: true, minLength: 1, maxLength: 320 }),
    /** What it is compared by: see `normalEmail`. */
    normalized: text({ maxLength: 320 }).assigned().indexed().written("derived"),
    /** "work", "home", "mobile", … */
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
  mergeKeys: [["contactId", "accountId", "normalized"]],
});
