/** One interest of one account. */
import { defineEntity, reference } from "@relata/core/plugin";

export const accountInterest = defineEntity("accountInterest", {
  plural: "accountInterests",
  fields: {
    accountId: reference("account", { inverse: "accountInterests", onDelete: "cascade" }).written("once"),
    interestId: reference("interest", { inverse: "accountInterests", onDelete: "cascade" }).written("once"),
  },
  unique: [["accountId", "interestId"]],
  indexes: [["interestId"]],
});
