/** A file that belongs to a record: what is known of it. Its bytes stay where the application keeps them. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { integer, text } from "../../kernel/entity/fields.ts";

export const attachment = defineEntity("attachment", {
  plural: "attachments",
  fields: {
    /** The record: of any entity. */
    entityType: text({ maxLength: 100 }).written("once"),
    recordId: text({ maxLength: 200 }).written("once"),
    name: text({ fold: true, minLength: 1, maxLength: 1_000 }),
    /** "application/pdf" */
    mediaType: text({ maxLength: 200 }).optional(),
    sizeBytes: integer({ min: 0 }).written("once"),
    /** The SHA-256 of the bytes, in hexadecimal digits. */
    sha256: text({ maxLength: 64 }).optional().written("once"),
    /** Where the bytes are: a name that means something to the application's file storage. */
    storageKey: text({ minLength: 1, maxLength: 2_000 }).written("once"),
  },
  indexes: [["entityType", "recordId"]],
});
