/** What became of two records that are one now. Written by `merge` and `unmerge` only; it holds ids, and nothing of what the records said. */
import * as z from "zod";
import { defineEntity } from "../entity/define-entity.ts";
import { instant, json, text } from "../entity/fields.ts";

/** The name of the entity. */
export const MERGE = "merge";

const moved = () => z.array(z.strictObject({ entity: z.string(), field: z.string(), ids: z.array(z.string()) }));
const dropped = () => z.array(z.strictObject({ entity: z.string(), ids: z.array(z.string()) }));

/** A version is null before the record was there, and after it was deleted. */
const version = () => z.int().nullable();
const versions = () =>
  z.array(z.strictObject({ entity: z.string(), records: z.array(z.tuple([z.string(), version(), version()])) }));

/** By entity: the id, the version before, and the version after. */
export type ChangedVersions = z.output<ReturnType<typeof versions>>;
/** Records whose reference by a field was moved. */
export type MovedReferences = z.output<ReturnType<typeof moved>>;
/** Records of an entity that were deleted. */
export type DroppedRecords = z.output<ReturnType<typeof dropped>>;

export const merge = defineEntity(MERGE, {
  plural: "merges",
  written: "operations",
  fields: {
    entityType: text({ maxLength: 100 }),
    survivorId: text({ maxLength: 200 }),
    /** The record that is no more. */
    otherId: text({ maxLength: 200 }),
    mergedAt: instant(),
    mergedBy: text({ maxLength: 200 }).optional(),
    /** The records that referred to the other one, and refer to the survivor since, by the field that does. */
    moved: json(moved),
    /** The records that would have broken a unique rule beside one of the survivor's, or that go by rule, and what was deleted along. */
    dropped: json(dropped),
    /** The survivor's fields that were changed. */
    changed: json(() => z.array(z.string())),
    /** All records that were changed, by whichever hook, with their versions before and after: history has their values. */
    versions: json(versions),
    /** When it was undone; null while it holds. */
    unmergedAt: instant().optional(),
    unmergedBy: text({ maxLength: 200 }).optional(),
  },
  indexes: [
    ["entityType", "otherId"],
    ["entityType", "survivorId"],
  ],
});
