/** Who works on an account beside its owner, and, unless others are named there, on the accounts below it. */
import { defineEntity, reference, text } from "@relata/core/plugin";

export const accountMember = defineEntity("accountMember", {
  plural: "accountMembers",
  fields: {
    accountId: reference("account", { inverse: "members", onDelete: "cascade" }).written("once"),
    /** Null: nobody has the role here, nor below, unless it is given to somebody there. */
    userId: reference("user", { inverse: "accountMemberships" }).optional().written("once"),
    /** "account_manager", "support", … */
    role: text({ maxLength: 100, minLength: 1 }).default("member"),
  },
  unique: [["accountId", "role", "userId"]],
  mergeKeys: [["accountId", "role", "userId"]],
});
