/** What happened to a membership beside its terms. */
import { date, defineEntity, integer, oneOf, reference, text } from "@relata/core/plugin";

export const eventKinds = ["cancelled", "paused", "deceased", "overridden"] as const;

export const membershipEvent = defineEntity("membershipEvent", {
  plural: "membershipEvents",
  written: "operations",
  fields: {
    membershipId: reference("membership", { inverse: "events", onDelete: "cascade" }),
    kind: oneOf(...eventKinds),
    /** The first day. */
    validFrom: date(),
    /** The last day; null: it goes on. */
    validUntil: date().optional(),
    /** What a manual override says. */
    status: text({ maxLength: 100 }).optional(),
    reason: text({ maxLength: 2_000 }).optional(),
    /** Of a pause: by how many days it has moved the ends of terms. */
    addedDays: integer().optional(),
    /** Where it was taken back, and does not count on any day. */
    voidedOn: date().optional(),
  },
  indexes: [["membershipId", "validFrom"]],
});
