/** Who takes part in an activity: a contact, an account, a user, or an address that is none of them yet. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { instant, oneOf, reference, text } from "../../kernel/entity/fields.ts";

export const activityParticipant = defineEntity("activityParticipant", {
  plural: "activityParticipants",
  fields: {
    activityId: reference("activity", { inverse: "participants", onDelete: "cascade" }).written("once"),
    contactId: reference("contact", { inverse: "participations", onDelete: "cascade" }).optional(),
    accountId: reference("account", { inverse: "participations", onDelete: "cascade" }).optional(),
    userId: reference("user", { inverse: "participations", onDelete: "cascade" }).optional(),
    /** An e-mail address or a phone number, as written. */
    address: text({ fold: true, minLength: 1, maxLength: 320 }).optional().indexed(),
    role: oneOf("organizer", "attendee", "from", "to", "cc", "bcc").default("attendee"),
    response: oneOf("accepted", "tentative", "declined").optional(),
    /** The activity's. */
    timelineAt: instant().assigned().written("operations"),
  },
  searchFor: ["activityId"],
  mergeKeys: [["activityId", "contactId", "accountId", "userId", "role"]],
  indexes: [
    ["contactId", "timelineAt"],
    ["accountId", "timelineAt"],
    ["userId", "timelineAt"],
  ],
});
