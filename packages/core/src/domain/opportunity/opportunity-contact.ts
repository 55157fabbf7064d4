/** The role of a contact in an opportunity. The primary contact is the opportunity's own `contactId`. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { reference, text } from "../../kernel/entity/fields.ts";

export const opportunityContact = defineEntity("opportunityContact", {
  plural: "opportunityContacts",
  fields: {
    opportunityId: reference("opportunity", { inverse: "contactRoles", onDelete: "cascade" }).written("once"),
    contactId: reference("contact", { inverse: "opportunityRoles", onDelete: "cascade" }).written("once"),
    /** "decision_maker", "influencer", "user", … */
    role: text({ maxLength: 100, minLength: 1 }).default("contact"),
  },
  unique: [["opportunityId", "contactId", "role"]],
});
