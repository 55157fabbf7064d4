/** Something in which several take part, each in a role: a deal with buyer, seller and counsel; a committee. Who takes part is a relationship to it. */
import { date, defineEntity, reference, text } from "@relata/core/plugin";

export const engagement = defineEntity("engagement", {
  plural: "engagements",
  fields: {
    typeId: reference("engagementType", { inverse: "engagements" }).written("once"),
    name: text({ fold: true, minLength: 1, maxLength: 500 }).indexed(),
    /** From when to when it goes on: nobody takes part on other days. */
    validFrom: date().optional(),
    validUntil: date().optional(),
    notes: text({ maxLength: 100_000 }).optional(),
  },
});
