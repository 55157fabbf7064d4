/** Where records wait for somebody to take them, or to be assigned. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { integer, oneOf, text } from "../../kernel/entity/fields.ts";

export const queue = defineEntity("queue", {
  plural: "queues",
  fields: {
    /** Its stable name in code. */
    key: text({ maxLength: 100, minLength: 1 }).unique().written("once"),
    name: text({ fold: true, minLength: 1 }),
    /** How `queues.assign` chooses: in turn, or whoever has the fewest open records. */
    strategy: oneOf("round_robin", "least_loaded").default("round_robin"),
    /** How many records were assigned from it. */
    assignedCount: integer({ min: 0 }).default(0).written("operations"),
  },
});
