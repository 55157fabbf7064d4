/** Keeps the bytes of attachments in a storage of the application's choice. */

import { invalidInput } from "../../kernel/entity/input-issues.ts";
import type { RecordOf } from "../../kernel/entity/model.ts";
import { definePluginFor } from "../../kernel/plugin/define-plugin.ts";
import type { RecordReference } from "../../kernel/plugin/timeline-part.ts";
import type { Core } from "../domain.ts";
import type { DomainModel } from "../domain-model.ts";

/** Where bytes are kept: a folder, a bucket, a table. Keys are ids: letters, digits and hyphens. */
export interface FileStorage {
  write(key: string, bytes: Uint8Array): Promise<void>;
  /** The bytes, or undefined where there are none. */
  read(key: string): Promise<Uint8Array | undefined>;
  /** Removes the bytes; where there are none, it does nothing. */
  remove(key: string): Promise<void>;
}

export interface NewFile {
  readonly name: string;
  readonly mediaType?: string;
  readonly bytes: Uint8Array;
}

type AttachmentRecord = RecordOf<DomainModel, "attachment">;

const define = (storage: FileStorage) =>
  definePluginFor<Core>()({
    id: "files",
    version: "1.0.0",
    errors: {
      file_missing: "The bytes of attachment {id} are not in the file storage.",
      file_elsewhere: "The bytes of attachment {id} are kept by the application, at {storageKey}.",
    },
    subscribers: {
      removeErasedFiles: {
        on: ["attachment.erased"],
        deliver: (_context, { recordId }) => storage.remove(recordId),
      },
    },
    operations: (context) => ({
      attachment: {
        /**
         * Writes the bytes, then the attachment; where the attachment is refused, the bytes are removed again. What a transaction around
         * it undoes later, leaves bytes that nothing refers to.
         *
         * @throws `reference_not_found` where there is no such record; `invalid_input`.
         */
        async addFile(record: RecordReference, file: NewFile): Promise<AttachmentRecord> {
          const { name, mediaType, bytes } = file ?? ({} as Partial<NewFile>);
          if (!(bytes instanceof Uint8Array))
            throw invalidInput("attachment", [
              { field: "bytes", code: "invalid_type", message: "must be a Uint8Array" },
            ]);
          const input = {
            id: context.newId(),
            entityType: record?.entityType,
            recordId: record?.id,
            name,
            ...(mediaType === undefined ? {} : { mediaType }),
            sizeBytes: bytes.byteLength,
          };
          const verdict = await context.attachments.validate({ create: input });
          if (!verdict.ok) throw verdict.error;
          await storage.write(input.id, bytes);
          try {
            return await context.attachments.create(input);
          } catch (error) {
            await storage.remove(input.id);
            throw error;
          }
        },
        /** @throws `not_found`; `file_missing`, `file_elsewhere` where the storage does not have it. */
        async readFile(id: string): Promise<Uint8Array> {
          const { storageKey } = await context.attachments.get(id);
          if (storageKey !== null) throw context.error("file_elsewhere", { entity: "attachment", id, storageKey });
          const bytes = await storage.read(id);
          if (!bytes) throw context.error("file_missing", { entity: "attachment", id });
          return bytes;
        },
      },
    }),
  });

type Named<T> = T;
/** A named interface keeps declaration files and hovers short. */
export interface Files extends Named<ReturnType<typeof define>> {}

/**
 * `crm.attachments.addFile` and `crm.attachments.readFile`. Bytes stay when an attachment is deleted, since it can be restored; when it is
 * erased, they are removed by the next drain of the outbox.
 *
 * @example
 * ```ts run
 * import { createCrm, files } from "@relata/core";
 * import { memory } from "@relata/memory";
 *
 * const kept = new Map<string, Uint8Array>();
 * const storage = {
 *   write: async (key: string, bytes: Uint8Array) => void kept.set(key, bytes),
 *   read: async (key: string) => kept.get(key),
 *   remove: async (key: string) => void kept.delete(key),
 * };
 * const crm = await createCrm({ storage: memory(), plugins: [files(storage)] });
 * const acme = await crm.accounts.create({ name: "Acme" });
 * const offer = await crm.attachments.addFile(
 *   { entityType: "account", id: acme.id },
 *   { name: "offer.txt", mediaType: "text/plain", bytes: new TextEncoder().encode("Dear Acme") },
 * );
 * console.log(new TextDecoder().decode(await crm.attachments.readFile(offer.id)));
 * ```
 */
export const files = (storage: FileStorage): Files => define(storage);
