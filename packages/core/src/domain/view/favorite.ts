/** A record that a user wants at hand. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { integer, reference, text } from "../../kernel/entity/fields.ts";

export const favorite = defineEntity("favorite", {
  plural: "favorites",
  fields: {
    userId: reference("user", { inverse: "favorites", onDelete: "cascade" }).written("once"),
    /** The record: of any entity. */
    entityType: text({ maxLength: 100 }).written("once"),
    recordId: text({ maxLength: 200 }).written("once"),
    /** Favourites stand in ascending order. */
    position: integer().default(0),
  },
  polymorphic: [{ type: "entityType", id: "recordId", onDelete: "cascade" }],
  unique: [["userId", "entityType", "recordId"]],
});
