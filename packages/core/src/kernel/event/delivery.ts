/** A durable event on its way to one subscriber: written with the rows that it tells of, deleted when it is delivered. */
import * as z from "zod";
import { defineEntity } from "../entity/define-entity.ts";
import { instant, integer, json, oneOf, text } from "../entity/fields.ts";

/** The name of the entity. */
export const DELIVERY = "eventDelivery";

/** An event as JSON: points in time are ISO text. */
const storedEvent = () =>
  z.looseObject({
    id: z.string(),
    name: z.string(),
    entity: z.string(),
    recordId: z.string(),
    tenantId: z.string(),
    actorId: z.string().nullable(),
    at: z.string(),
    data: z.unknown(),
  });
export type StoredEvent = z.output<ReturnType<typeof storedEvent>>;

export const delivery = defineEntity(DELIVERY, {
  plural: "eventDeliveries",
  written: "operations",
  history: false,
  fields: {
    eventName: text(),
    subscriber: text(),
    entityType: text(),
    recordId: text(),
    /** The version that the event tells of. Events that plugins and the application make have none, nor has an entity without history. */
    recordVersion: integer().optional(),
    event: json(storedEvent),
    occurredAt: instant(),
    /** `parked`: given up after too many attempts, until it is sent again. */
    status: oneOf("pending", "parked").default("pending"),
    /** How often it has failed. */
    attempts: integer().default(0),
    /** Not tried before. */
    dueAt: instant(),
    /** Until then it is somebody's who is delivering it. */
    claimedUntil: instant().optional(),
    lastError: text().optional(),
  },
  indexes: [["status", "occurredAt"], ["recordId"]],
});
