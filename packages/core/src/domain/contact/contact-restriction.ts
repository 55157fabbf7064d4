/** That a contact must not be approached: at all, or by one channel. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { date, reference, text } from "../../kernel/entity/fields.ts";

export const contactRestriction = defineEntity("contactRestriction", {
  plural: "contactRestrictions",
  fields: {
    contactId: reference("contact", { inverse: "restrictions", onDelete: "cascade" }).written("once"),
    /** "email", "phone", "sms", "mail", …; "all" is every one. */
    channel: text({ maxLength: 100, minLength: 1 }).written("once"),
    since: date(),
    /** Who said so, or how it came to be known. */
    source: text({ maxLength: 500 }).optional(),
  },
  unique: [["contactId", "channel"]],
});
