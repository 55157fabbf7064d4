/** What a customer said of how they want to be dealt with, or of what is known of them: it has precedence over what is recorded or inferred. */
import { date, defineEntity, instant, oneOf, reference, text } from "@relata/core/plugin";

export const statementKinds = ["permission", "refusal", "term", "preference", "correction"] as const;

/**
 * What it is about is told by purpose, channel, field, relationship and type together; one that is null stands for any. It allows or denies what it is about, or says
 * neither, as a wish or a correction may.
 */
export const partyStatement = defineEntity("partyStatement", {
  plural: "partyStatements",
  written: "operations",
  fields: {
    partyType: text({ maxLength: 100 }),
    partyId: text({ maxLength: 200 }),
    kind: oneOf(...statementKinds),
    effect: oneOf("allow", "deny").optional(),
    /** "newsletter", "credit check": any word. */
    purpose: text({ maxLength: 200 }).optional(),
    /** "email", "phone": as of core's restrictions. */
    channel: text({ maxLength: 100 }).optional(),
    /** A field of the party's record: "birthDate". */
    field: text({ maxLength: 100 }).optional(),
    relationshipId: reference("relationship", { inverse: "statements", onDelete: "cascade" }).optional(),
    /** The key of a type of relationships, or of a rule of inference. */
    type: text({ maxLength: 200 }).optional(),
    /** In the party's own words. */
    words: text({ maxLength: 100_000 }).optional(),
    statedAt: instant(),
    /** "on the phone", "preference centre". */
    statedThrough: text({ maxLength: 500 }).optional(),
    /** The first day on which it counts; null: it always did. */
    validFrom: date().optional(),
    validUntil: date().optional(),
    /** What shows it: an activity, an attachment. */
    evidenceType: text({ maxLength: 100 }).optional(),
    evidenceId: text({ maxLength: 200 }).optional(),
  },
  polymorphic: [
    { type: "partyType", id: "partyId", onDelete: "cascade" },
    { type: "evidenceType", id: "evidenceId", onDelete: "detach" },
  ],
});
