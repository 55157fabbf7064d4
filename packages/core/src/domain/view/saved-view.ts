/** A query kept as data: a list that a user, a team or everybody comes back to. */
import * as z from "zod";
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { json, oneOf, reference, text } from "../../kernel/entity/fields.ts";

export const savedView = defineEntity("savedView", {
  plural: "savedViews",
  fields: {
    name: text({ fold: true, minLength: 1, maxLength: 500 }),
    /** The entity whose records it lists. */
    entityType: text({ maxLength: 100, minLength: 1 }).written("once"),
    /** What `list` takes, as JSON. */
    query: json(() => z.record(z.string(), z.json())),
    /** Who sees it: its owner, the members of its team, or everybody. */
    visibility: oneOf("private", "team", "everyone").default("private"),
    ownerId: reference("user", { inverse: "savedViews", onDelete: "cascade" }).optional(),
    teamId: reference("team", { inverse: "savedViews", onDelete: "cascade" }).optional(),
  },
  indexes: [["entityType", "visibility"]],
});
