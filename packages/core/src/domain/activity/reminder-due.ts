/** What the event `activity.reminder_due` carries. Instants are ISO 8601, so that it is JSON. */
import * as z from "zod";

export const reminderDue = z.strictObject({
  ownerId: z.string().nullable(),
  remindAt: z.iso.datetime(),
  dueAt: z.iso.datetime().nullable(),
});
