/** That a record carries a tag, written by `tags.add` and `tags.remove`. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { reference, text } from "../../kernel/entity/fields.ts";

export const tagging = defineEntity("tagging", {
  plural: "taggings",
  written: "operations",
  fields: {
    tagId: reference("tag", { inverse: "taggings", onDelete: "cascade" }),
    /** The record: of any entity. */
    entityType: text({ maxLength: 100 }),
    recordId: text({ maxLength: 200 }),
    /** The same record where it is one of these, so that lists of them can be filtered by their tags. */
    accountId: reference("account", { inverse: "taggings", onDelete: "cascade" }).optional(),
    contactId: reference("contact", { inverse: "taggings", onDelete: "cascade" }).optional(),
    opportunityId: reference("opportunity", { inverse: "taggings", onDelete: "cascade" }).optional(),
    activityId: reference("activity", { inverse: "taggings", onDelete: "cascade" }).optional(),
  },
  polymorphic: [{ type: "entityType", id: "recordId", onDelete: "cascade" }],
  unique: [["entityType", "recordId", "tagId"]],
});
