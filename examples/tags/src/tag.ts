/** A word that accounts can be tagged with. */
import { defineEntity, oneOf, text } from "@relata/core/plugin";

export const tag = defineEntity("tag", {
  plural: "tags",
  fields: {
    /** As `normalised` makes it: no two tags of a tenant differ in case or spaces alone. */
    label: text({ fold: true, minLength: 1, maxLength: 50 }).unique(),
    colour: oneOf("grey", "red", "amber", "green", "blue").default("grey"),
  },
});
