/** Something done or to be done with customers: a task, a call, a meeting, a message. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { boolean, instant, integer, oneOf, reference, text } from "../../kernel/entity/fields.ts";

export const activity = defineEntity("activity", {
  plural: "activities",
  fields: {
    kind: oneOf("task", "call", "meeting", "email", "note", "message"),
    subject: text({ fold: true }),
    body: text({ maxLength: 1_000_000 }).optional(),
    /** How it was carried: "phone", "video", "chat", …; "phone" for calls and "email" for e-mails, unless given. */
    channel: text({ maxLength: 100 }).optional(),
    direction: oneOf("inbound", "outbound").optional(),
    /** When it takes place or took place. */
    startAt: instant().optional(),
    endAt: instant().optional(),
    /** From start to end, unless given. */
    durationMinutes: integer({ min: 0 }).optional(),
    /** By when it is to be done. */
    dueAt: instant().optional(),
    /** Notes are, and so are e-mails and messages that are not still to be sent; everything else is not, unless given. */
    done: boolean().assigned(),
    /** When it was done; follows `done`, unless given. */
    doneAt: instant().optional(),
    /** What came of it: "reached", "no_answer", … */
    outcome: text({ maxLength: 500 }).optional(),
    location: text({ maxLength: 1_000 }).optional(),
    /** When its owner is to be reminded, and when that happened. */
    remindAt: instant().optional(),
    remindedAt: instant().optional().written("operations"),
    /** An RFC 5545 rule ("FREQ=WEEKLY;BYDAY=MO"), kept as written. `@relata/calendar` makes the next one when this one is done. */
    recurrence: text({ maxLength: 1_000 }).optional(),
    /** Where it stands in timelines: its start, else when it was done, else by when it is due, else when it was written down. */
    timelineAt: instant().assigned().written("operations"),
    ownerId: reference("user", { inverse: "activities", onDelete: "detach" }).optional(),
    queueId: reference("queue", { inverse: "activities", onDelete: "detach" }).optional(),
    accountId: reference("account", { inverse: "activities", onDelete: "detach" }).optional(),
    contactId: reference("contact", { inverse: "activities", onDelete: "detach" }).optional(),
    opportunityId: reference("opportunity", { inverse: "activities", onDelete: "detach" }).optional(),
  },
  indexes: [
    ["ownerId", "done", "dueAt"],
    ["done", "dueAt"],
    ["remindedAt", "done", "remindAt"],
    ["ownerId", "timelineAt"],
    ["accountId", "timelineAt"],
    ["contactId", "timelineAt"],
    ["opportunityId", "timelineAt"],
  ],
});
