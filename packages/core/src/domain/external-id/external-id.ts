/** What a record is called in another system, for look-up and upsert. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { text } from "../../kernel/entity/fields.ts";

export const externalId = defineEntity("externalId", {
  plural: "externalIds",
  fields: {
    /** The record: of any entity. */
    entityType: text({ maxLength: 100 }).written("once"),
    recordId: text({ maxLength: 200 }).written("once"),
    /** The other system. */
    source: text({ maxLength: 100, minLength: 1 }).written("once"),
    /** The record's key there. */
    key: text({ maxLength: 500, minLength: 1 }).written("once"),
  },
  polymorphic: [{ type: "entityType", id: "recordId", onDelete: "cascade" }],
  unique: [["source", "entityType", "key"]],
});
