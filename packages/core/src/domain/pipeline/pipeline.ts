/** A pipeline: the ordered stages that records of one entity type go through. Its fields are written by `pipelines.define` only. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { boolean, text } from "../../kernel/entity/fields.ts";

export const pipeline = defineEntity("pipeline", {
  plural: "pipelines",
  fields: {
    /** Its stable name in code, unique among the pipelines of its entity type. */
    key: text({ maxLength: 100 }).written("operations"),
    name: text().written("operations"),
    /** The entity whose records go through it. */
    entityType: text({ maxLength: 100 }).written("operations"),
    /** The one that new records take when none is named. */
    isDefault: boolean().default(false).written("operations"),
  },
  unique: [["entityType", "key"]],
});
