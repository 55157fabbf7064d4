/** That somebody has read what is known of a party, and for what. Who it was is its `createdBy`. */
import { defineEntity, json, text } from "@relata/core/plugin";
import * as z from "zod";
import { once } from "../once.ts";

const names = once(() => z.array(z.string().min(1).max(200)).max(1_000));

export const partyReading = defineEntity("partyReading", {
  plural: "partyReadings",
  written: "operations",
  fields: {
    partyType: text({ maxLength: 100 }),
    partyId: text({ maxLength: 200 }),
    /** "credit check", "support call": any word. */
    purpose: text({ maxLength: 200 }),
    /** What was read: names of fields, keys of types, "explanation", "export". */
    what: json(() => names()).default([]),
    /** Somebody outside to whom it was given. */
    recipient: text({ maxLength: 500 }).optional(),
  },
  polymorphic: [{ type: "partyType", id: "partyId", onDelete: "cascade" }],
  indexes: [["partyId", "createdAt"]],
});
