/** A phone number of a contact or an account. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { reference, text } from "../../kernel/entity/fields.ts";
import { pointFields } from "./point-fields.ts";

export const phoneNumber = defineEntity("phoneNumber", {
  plural: "phoneNumbers",
  fields: {
    contactId: reference("contact", { inverse: "phoneNumbers", onDelete: "cascade" }).optional().written("once"),
    accountId: reference("account", { inverse: "phoneNumbers", onDelete: "cascade" }).optional().written("once"),
    /** As written. */
    number: text({ fold: "phone", minLength: 1, maxLength: 100 }),
    /** What it is compared by: the international form ("+493012345") where a normaliser is installed, its digits otherwise. */
    normalized: text({ maxLength: 100 }).assigned().indexed().written("derived"),
    ...pointFields,
  },
  searchFor: ["contactId", "accountId"],
  mergeKeys: [["contactId", "accountId", "normalized"]],
});
