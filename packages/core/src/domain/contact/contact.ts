/** A person. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { reference, text } from "../../kernel/entity/fields.ts";

export const contact = defineEntity("contact", {
  plural: "contacts",
  fields: {
    givenName: text({ fold: true }).optional().indexed(),
    familyName: text({ fold: true }).optional().indexed(),
    jobTitle: text().optional(),
    email: text({ fold: true, maxLength: 320 }).optional().indexed(),
    phone: text({ maxLength: 100 }).optional(),
    /** An IETF language tag ("pt-BR"). */
    preferredLanguage: text({ maxLength: 35 }).optional(),
    accountId: reference("account", { inverse: "contacts" }).optional(),
    ownerId: reference("user", { inverse: "contacts", onDelete: "detach" }).optional(),
  },
});
