/** Something done or to be done with customers: a task, a call, a meeting, a message. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { boolean, instant, oneOf, reference, text } from "../../kernel/entity/fields.ts";

export const activity = defineEntity("activity", {
  plural: "activities",
  fields: {
    kind: oneOf("task", "call", "meeting", "email", "note", "message"),
    subject: text({ fold: true }),
    body: text({ maxLength: 1_000_000 }).optional(),
    /** How it was carried: "phone", "video", "chat", … */
    channel: text({ maxLength: 100 }).optional(),
    direction: oneOf("inbound", "outbound").optional(),
    /** When it takes place, took place, or is due. */
    dueAt: instant().optional(),
    done: boolean().default(false),
    ownerId: reference("user", { inverse: "activities", onDelete: "detach" }).optional(),
    accountId: reference("account", { inverse: "activities", onDelete: "detach" }).optional(),
    contactId: reference("contact", { inverse: "activities", onDelete: "detach" }).optional(),
    opportunityId: reference("opportunity", { inverse: "activities", onDelete: "detach" }).optional(),
  },
  indexes: [
    ["ownerId", "done", "dueAt"],
    ["done", "dueAt"],
  ],
});
