/** What `advance` tells of, each once: events about a membership. */
import * as z from "zod";

const day = z.string();
/** From which status to which, and on which day; `from` is null for the first one. */
const change = z.strictObject({
  on: day,
  from: z.string().nullable(),
  to: z.string().nullable(),
  levelId: z.string().nullable(),
});

export const announcements = {
  /** Every change of a status; the others tell of some of them by what they mean. */
  "membership.status_changed": change,
  /** A member for the first time. */
  "membership.joined": change,
  /** A member again after a time of not counting as one. */
  "membership.rejoined": change,
  /** The term has ended, and the member still counts. */
  "membership.grace_entered": change,
  /** The term has ended, and the member counts no longer. */
  "membership.lapsed": change,
  /** The last term ends on `endsOn`, in so many days; on the day `on`. */
  "membership.reminder_due": z.strictObject({ on: day, endsOn: day, days: z.number() }),
  /** The payment provider has refused: what is tried next, on a day; null: it is given up. */
  "membership.renewal_failed": z.strictObject({
    on: day,
    orderId: z.string(),
    failures: z.number(),
    nextAttemptOn: day.nullable(),
    reason: z.string(),
  }),
} as const;
