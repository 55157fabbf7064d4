/** A user whom records of a queue are assigned to. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { boolean, integer, reference } from "../../kernel/entity/fields.ts";

export const queueMember = defineEntity("queueMember", {
  plural: "queueMembers",
  fields: {
    queueId: reference("queue", { inverse: "members", onDelete: "cascade" }).written("once"),
    userId: reference("user", { inverse: "queueMemberships", onDelete: "cascade" }).written("once"),
    /** Members who had nothing yet take their turns in ascending order. */
    position: integer().default(0),
    /** Whoever is away gets nothing. */
    available: boolean().default(true),
    /** The queue's `assignedCount` when this member got a record last: whoever has the lowest is next. */
    lastTurn: integer({ min: 0 }).default(0).written("operations"),
  },
  unique: [["queueId", "userId"]],
});
