/** A user who works on an opportunity beside its owner. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { reference, text } from "../../kernel/entity/fields.ts";

export const opportunityMember = defineEntity("opportunityMember", {
  plural: "opportunityMembers",
  fields: {
    opportunityId: reference("opportunity", { inverse: "members", onDelete: "cascade" }).written("once"),
    userId: reference("user", { inverse: "opportunityMemberships" }).written("once"),
    /** "account_manager", "pre_sales", … */
    role: text({ maxLength: 100, minLength: 1 }).default("member"),
  },
  unique: [["opportunityId", "userId"]],
});
