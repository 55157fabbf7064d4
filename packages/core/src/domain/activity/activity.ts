/** Something done or to be done with customers: a task, a call, a meeting, a message. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { boolean, instant, integer, oneOf, reference, text } from "../../kernel/entity/fields.ts";

export const activity = defineEntity("activity", {
  plural: "activities",
  fields: {
    kind: oneOf("task", "call", "meeting", "email", "note", "message"),
    subject: text({ fold: true }),
    body: text({ maxLength: 1_000_000 }).optional(),
    /** How it was carried: "phone", "video", "chat", … */
    channel: text({ maxLength: 100 }).optional(),
    direction: oneOf("inbound", "outbound").optional(),
    /** When it takes place or took place. */
    startAt: instant().optional(),
    endAt: instant().optional(),
    /** From start to end, unless given. */
    durationMinutes: integer({ min: 0 }).optional(),
    /** By when it is to be done. */
    dueAt: instant().optional(),
    done: boolean().default(false),
    /** When it was done; follows `done`, unless given. */
    doneAt: instant().optional(),
    /** What came of it: "reached", "no_answer", … */
    outcome: text({ maxLength: 500 }).optional(),
    location: text({ maxLength: 1_000 }).optional(),
    /** When its owner is to be reminded, and when that happened. */
    remindAt: instant().optional(),
    remindedAt: instant().optional().written("operations"),
    /** An RFC 5545 rule ("FREQ=WEEKLY;BYDAY=MO"): when this one is done, the next follows. */
    recurrence: text({ maxLength: 1_000 }).optional(),
    /** The first one of the series that it repeats. */
    seriesId: reference("activity", { inverse: "occurrences", onDelete: "detach" }).optional().written("operations"),
    ownerId: reference("user", { inverse: "activities", onDelete: "detach" }).optional(),
    queueId: reference("queue", { inverse: "activities", onDelete: "detach" }).optional(),
    accountId: reference("account", { inverse: "activities", onDelete: "detach" }).optional(),
    contactId: reference("contact", { inverse: "activities", onDelete: "detach" }).optional(),
    opportunityId: reference("opportunity", { inverse: "activities", onDelete: "detach" }).optional(),
  },
  indexes: [
    ["ownerId", "done", "dueAt"],
    ["done", "dueAt"],
    ["done", "remindAt"],
  ],
});
