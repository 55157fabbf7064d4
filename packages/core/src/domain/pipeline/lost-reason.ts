/** Why records are lost: the list that a lost record's reason is chosen from. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { boolean, integer, text } from "../../kernel/entity/fields.ts";

export const lostReason = defineEntity("lostReason", {
  plural: "lostReasons",
  fields: {
    /** The entity whose records are lost for it. */
    entityType: text({ maxLength: 100, minLength: 1 }).written("once"),
    /** Its stable name in code, unique for the entity type. */
    key: text({ maxLength: 100, minLength: 1 }).written("once"),
    name: text({ minLength: 1 }),
    /** Reasons stand in ascending order. */
    position: integer().default(0),
    /** Whoever gives it must say more: `lostNote`. */
    needsNote: boolean().default(false),
  },
  unique: [["entityType", "key"]],
});
