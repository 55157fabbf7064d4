/** A user whom records of a queue are assigned to. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { boolean, integer, reference } from "../../kernel/entity/fields.ts";

export const queueMember = defineEntity("queueMember", {
  plural: "queueMembers",
  fields: {
    queueId: reference("queue", { inverse: "members", onDelete: "cascade" }).written("once"),
    userId: reference("user", { inverse: "queueMemberships", onDelete: "cascade" }).written("once"),
    /** Members take their turns in ascending order. */
    position: integer().default(0),
    /** Whoever is away gets nothing. */
    available: boolean().default(true),
    /** How many records were assigned to this member: whose turn is next follows from it. */
    assignedCount: integer({ min: 0 }).default(0).written("operations"),
  },
  unique: [["queueId", "userId"]],
});
