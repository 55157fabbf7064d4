/** Who else wants the business. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { oneOf, reference, text } from "../../kernel/entity/fields.ts";

export const opportunityCompetitor = defineEntity("opportunityCompetitor", {
  plural: "opportunityCompetitors",
  fields: {
    opportunityId: reference("opportunity", { inverse: "competitors", onDelete: "cascade" }).written("once"),
    name: text({ fold: true, minLength: 1, maxLength: 500 }),
    /** The competitor as an account, where it is one. */
    accountId: reference("account", { inverse: "competitions", onDelete: "detach" }).optional(),
    outcome: oneOf("won", "lost").optional(),
    note: text().optional(),
  },
  searchFor: ["opportunityId"],
  unique: [["opportunityId", "name"]],
});
