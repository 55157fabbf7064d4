/** One tag on one account. */
import { defineEntity, reference } from "@relata/core/plugin";

export const tagging = defineEntity("tagging", {
  plural: "taggings",
  fields: {
    accountId: reference("account", { inverse: "taggings", onDelete: "cascade" }).written("once"),
    tagId: reference("tag", { inverse: "taggings", onDelete: "cascade" }).written("once"),
  },
  unique: [["accountId", "tagId"]],
  indexes: [["tagId"]],
});
