/** A phase that stages of several pipelines of one entity type share, so that reports over all of them stay comparable. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { integer, text } from "../../kernel/entity/fields.ts";

export const phase = defineEntity("phase", {
  plural: "phases",
  fields: {
    /** The entity whose pipelines it serves. */
    entityType: text({ maxLength: 100, minLength: 1 }).written("once"),
    /** Its stable name in code, unique for the entity type. */
    key: text({ maxLength: 100, minLength: 1 }).written("once"),
    name: text({ minLength: 1 }),
    /** Phases stand in ascending order. */
    position: integer().default(0),
  },
  unique: [["entityType", "key"]],
});
