/** What is offered, as a light list that a commerce plugin can take over. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { decimal, integer, money, reference, text } from "../../kernel/entity/fields.ts";

export const opportunityProduct = defineEntity("opportunityProduct", {
  plural: "opportunityProducts",
  fields: {
    opportunityId: reference("opportunity", { inverse: "products", onDelete: "cascade" }).written("once"),
    name: text({ fold: true, minLength: 1 }),
    /** The key of the product elsewhere: in a catalogue, or in a commerce plugin. */
    productKey: text({ maxLength: 200 }).optional().indexed(),
    quantity: decimal({ scale: 6, min: 0 }).default("1"),
    unitPrice: money().optional(),
    /** Quantity times unit price, rounded half to even. */
    amount: money().optional().written("operations"),
    position: integer().default(0),
  },
  searchFor: ["opportunityId"],
});
