/** Business that may be won: it moves through a pipeline, by the pipeline's rules. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { date, money, oneOf, reference, text } from "../../kernel/entity/fields.ts";
import { defineStageEntry, pipelineFields, stageProbability } from "../pipeline/pipeline-fields.ts";

export const opportunity = defineEntity("opportunity", {
  plural: "opportunities",
  fields: {
    name: text({ fold: true, minLength: 1 }),
    accountId: reference("account", { inverse: "opportunities" }).optional(),
    /** The primary one of its contacts, which has a role among its `contactRoles`. */
    contactId: reference("contact", { inverse: "opportunities", onDelete: "detach" }).optional(),
    /** What it is worth as a whole; it follows its parts, the one-time amount and a year of the recurring one, until given by hand. */
    amount: money().optional(),
    oneTimeAmount: money().optional(),
    /** What is paid once in each interval. */
    recurringAmount: money().optional(),
    recurringInterval: oneOf("month", "quarter", "half_year", "year").optional(),
    /** The recurring amount in a month, rounded half to even. */
    monthlyRecurring: money().optional().written("operations"),
    /** The recurring amount in a year. */
    annualRecurring: money().optional().written("operations"),
    ...pipelineFields("opportunities"),
    probability: stageProbability(),
    expectedCloseDate: date().optional(),
    ownerId: reference("user", { inverse: "opportunities" }).optional(),
    teamId: reference("team", { inverse: "opportunities", onDelete: "detach" }).optional(),
    queueId: reference("queue", { inverse: "opportunities", onDelete: "detach" }).optional(),
    source: text().optional(),
    nextStep: text().optional(),
  },
  indexes: [
    ["status", "expectedCloseDate"],
    ["status", "stageEnteredAt"],
    // All that a board adds up, so that it need not look at the rows.
    ["pipelineId", "archivedAt", "stageId", "amount", "probability", "expectedCloseDate"],
    ["ownerId", "status"],
    ["stageId", "boardPosition"],
  ],
});

export const opportunityStageEntry = defineStageEntry("opportunityStageEntry", {
  plural: "opportunityStageEntries",
  of: "opportunity",
});
