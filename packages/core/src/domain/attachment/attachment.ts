/** A file that belongs to a record: what is known of it. Its bytes are where `storageKey` says, and never in the CRM. */
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
    /** Where an application keeps the bytes by itself; null for a file of `attachments.addFile`, which is kept by the attachment's id. */
    storageKey: text({ minLength: 1, maxLength: 2_000 }).optional().written("once"),
  },
  polymorphic: [{ type: "entityType", id: "recordId", onDelete: "cascade" }],
});
