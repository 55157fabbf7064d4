/** An e-mail address of a contact or an account. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { reference, text } from "../../kernel/entity/fields.ts";
import { pointFields } from "./point-fields.ts";

export const emailAddress = defineEntity("emailAddress", {
  plural: "emailAddresses",
  fields: {
    contactId: reference("contact", { inverse: "emailAddresses", onDelete: "cascade" }).optional().written("once"),
    accountId: reference("account", { inverse: "emailAddresses", onDelete: "cascade" }).optional().written("once"),
    /** As written. */
    address: text({ fold: true, minLength: 1, maxLength: 320 }),
    /** What it is compared by: see `normalEmail`. */
    normalized: text({ maxLength: 320 }).assigned().indexed().written("derived"),
    ...pointFields,
  },
  searchFor: ["contactId", "accountId"],
  mergeKeys: [["contactId", "accountId", "normalized"]],
});
