/** That one thing stands in a relationship to another, from one day to another. Stored once, found from both ends. */
import { boolean, date, decimal, defineEntity, json, oneOf, reference, text } from "@relata/core/plugin";
import * as z from "zod";
import { once } from "../once.ts";

export const bounds = ["exact", "about", "at_latest", "at_earliest"] as const;
export const visibilities = ["public", "internal", "restricted"] as const;
export const bases = ["recorded", "stated", "imported"] as const;

const attributeValues = once(() => z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])));

export const relationship = defineEntity("relationship", {
  plural: "relationships",
  written: "operations",
  fields: {
    /** A name of the caller's own, such as that of an imported row. */
    key: text({ minLength: 1, maxLength: 200 }).optional().unique().written("once"),
    /** A type that is in use cannot be deleted. */
    typeId: reference("relationshipType", { inverse: "relationships" }).written("once"),
    fromType: text({ maxLength: 100 }).written("once"),
    fromId: text({ maxLength: 200 }).written("once"),
    toType: text({ maxLength: 100 }).written("once"),
    toId: text({ maxLength: 200 }).written("once"),
    /** Which two, and of which type: all that stands between the same two is found by it. See `pairOf`. */
    pair: text({ maxLength: 14 }).assigned().indexed().written("derived"),
    /** The office that is held, where it is one: `to` is the office's account then. */
    officeId: reference("office", { inverse: "holdings" }).optional(),
    isPrimary: boolean().default(false),
    /** The first day; null: since ever, or not known. */
    validFrom: date().optional(),
    /** How that day is meant: "before 2019" is 2018-12-31 at the latest. */
    validFromIs: oneOf(...bounds).default("exact"),
    /** The last day; null: it goes on. */
    validUntil: date().optional(),
    validUntilIs: oneOf(...bounds).default("exact"),
    /** From 0 to 1; null: that of its type, or 1. */
    strength: decimal({ scale: 4, min: 0, max: 1 }).optional(),
    /** How sure it is, from 0 to 1; null: not said. */
    confidence: decimal({ scale: 4, min: 0, max: 1 }).optional(),
    /** Who found it out, whether one of the two stated it, or where it came from. */
    basis: oneOf(...bases).default("recorded"),
    /** "Companies House", "told us on the phone". */
    source: text({ maxLength: 1_000 }).optional(),
    notes: text({ maxLength: 100_000 }).optional(),
    visibility: oneOf(...visibilities).default("internal"),
    /** By the attributes of its type. */
    attributes: json(() => attributeValues()).default({}),
    /** The one in whose place it stands. */
    supersedesId: reference("relationship", { inverse: "supersededBy", onDelete: "detach" }).optional(),
  },
  polymorphic: [
    { type: "fromType", id: "fromId", onDelete: "cascade" },
    { type: "toType", id: "toId", onDelete: "cascade" },
  ],
  // Each level of a walk reads one of these, and no row.
  indexes: [
    ["fromId", "typeId", "fromType", "validUntil", "validFrom", "archivedAt", "toId", "toType"],
    ["toId", "typeId", "toType", "validUntil", "validFrom", "archivedAt", "fromId", "fromType"],
  ],
});
