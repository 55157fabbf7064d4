/** Something that accounts can be interested in. */
import { defineEntity, oneOf, text } from "@relata/core/plugin";

export const interest = defineEntity("interest", {
  plural: "interests",
  fields: {
    /** As `normalised` makes it: no two interests of a tenant differ in case or spaces alone. */
    label: text({ fold: true, minLength: 1, maxLength: 50 }).unique(),
    colour: oneOf("grey", "red", "amber", "green", "blue").default("grey"),
  },
});
