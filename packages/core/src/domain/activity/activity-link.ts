/** Ties an activity to a record of any entity, an application's own included. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { instant, reference, text } from "../../kernel/entity/fields.ts";

export const activityLink = defineEntity("activityLink", {
  plural: "activityLinks",
  written: "operations",
  fields: {
    activityId: reference("activity", { inverse: "links", onDelete: "cascade" }),
    entityType: text({ maxLength: 100 }),
    recordId: text({ maxLength: 200 }),
    /** The activity's. */
    timelineAt: instant().assigned(),
  },
  polymorphic: [{ type: "entityType", id: "recordId", onDelete: "cascade" }],
  unique: [["entityType", "recordId", "activityId"]],
  indexes: [["entityType", "recordId", "timelineAt"]],
});
