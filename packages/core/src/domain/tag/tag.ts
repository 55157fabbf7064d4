/** A word that records of any entity are marked with. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { text } from "../../kernel/entity/fields.ts";

export const tag = defineEntity("tag", {
  plural: "tags",
  fields: {
    /** As written. No two tags of a tenant differ in case, accents or spaces alone. */
    name: text({ fold: true, minLength: 1, maxLength: 100 }),
    /** What it is compared by: folded, with single spaces. */
    normalized: text({ maxLength: 400 }).assigned().unique().written("operations"),
    /** How an application shows it: "#c00", "red". */
    color: text({ maxLength: 50 }).optional(),
  },
});
