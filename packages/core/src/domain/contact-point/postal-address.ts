/** A postal address of a contact or an account. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { reference, text } from "../../kernel/entity/fields.ts";
import { pointFields } from "./point-fields.ts";

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
    ...pointFields,
  },
  searchFor: ["contactId", "accountId"],
  mergeKeys: [["contactId", "accountId", "kind", "street", "city", "region", "postalCode", "country"]],
});
