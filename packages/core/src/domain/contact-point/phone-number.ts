/** A phone number of a contact or an account. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { boolean, date, reference, text } from "../../kernel/entity/fields.ts";

export const phoneNumber = defineEntity("phoneNumber", {
  plural: "phoneNumbers",
  fields: {
    contactId: reference("contact", { inverse: "phoneNumbers", onDelete: "cascade" }).optional().written("once"),
    accountId: reference("account", { inverse: "phoneNumbers", onDelete: "cascade" }).optional().written("once"),
    /** As written. */
    number: text({ fold: "phone", minLength: 1, maxLength: 100 }),
    /** What it is compared by: the international form ("+493012345") where a normaliser is installed, its digits otherwise. */
    normalized: text({ maxLength: 100 }).assigned().indexed().written("derived"),
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
