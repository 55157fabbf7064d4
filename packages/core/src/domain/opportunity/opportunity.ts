/** Business that may be won: it moves through a pipeline, by the pipeline's rules. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { date, decimal, instant, integer, money, oneOf, reference, text } from "../../kernel/entity/fields.ts";

export const opportunity = defineEntity("opportunity", {
  plural: "opportunities",
  fields: {
    name: text({ fold: true, minLength: 1 }),
    accountId: reference("account", { inverse: "opportunities" }).optional(),
    contactId: reference("contact", { inverse: "opportunities" }).optional(),
    amount: money().optional(),
    /** The default pipeline, unless one is named at creation. */
    pipelineId: reference("pipeline", { inverse: "opportunities" }).assigned().written("once"),
    /** The pipeline's first open stage, unless one is named at creation; then it changes by `moveTo` only. */
    stageId: reference("stage", { inverse: "opportunities" }).assigned().written("once"),
    /** The outcome of the stage. */
    status: oneOf("open", "won", "lost").default("open").written("operations"),
    /** In per cent. Follows the stage; one set by hand lasts until the next move. */
    probability: decimal({ scale: 2, min: 0, max: 100 }).assigned(),
    expectedCloseDate: date().optional(),
    /** The day on which it was won or lost. */
    actualCloseDate: date().optional().written("operations"),
    stageEnteredAt: instant().assigned().written("operations"),
    /** Days from creation to close. */
    salesCycleDays: integer().optional().written("operations"),
    lostReason: text().optional().written("operations"),
    ownerId: reference("user", { inverse: "opportunities" }).optional(),
    teamId: reference("team", { inverse: "opportunities", onDelete: "detach" }).optional(),
    source: text().optional(),
    nextStep: text().optional(),
  },
  indexes: [
    ["status", "expectedCloseDate"],
    ["status", "stageEnteredAt"],
    ["pipelineId", "status", "stageId"],
    ["ownerId", "status"],
  ],
});
