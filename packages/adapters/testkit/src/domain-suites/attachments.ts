/** Attachments, and the bytes that an application's file storage keeps. */
import { createCrm, files } from "@relata/core";
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";

async function filed(bench: CrmBench) {
  const kept = new Map<string, Uint8Array>();
  const storage = {
    write: async (key: string, bytes: Uint8Array) => void kept.set(key, bytes),
    read: async (key: string) => kept.get(key),
    remove: async (key: string) => void kept.delete(key),
  };
  const crm = await createCrm({ ...(await bench.options()), plugins: [files(storage)] });
  const acme = await crm.accounts.create({ name: "Acme" });
  return { crm, kept, acme, account: { entityType: "account", id: acme.id } };
}

const hello = new TextEncoder().encode("hello");

export const attachments: CrmSuite = {
  name: "attachments",
  facts: [
    crmFact("keep what is known of a file, and its bytes where the application wants them", async (bench) => {
      const { crm, kept, acme, account } = await filed(bench);
      const added = await crm.attachments.addFile(account, {
        name: "hello.txt",
        mediaType: "text/plain",
        bytes: hello,
      });
      expect(added).toMatchObject({
        entityType: "account",
        recordId: acme.id,
        name: "hello.txt",
        mediaType: "text/plain",
        sizeBytes: 5,
        storageKey: null,
      });
      expect([...kept.keys()]).toEqual([added.id]);
      expect(new TextDecoder().decode(await crm.attachments.readFile(added.id))).toBe("hello");
      expect(await crm.attachments.count({ where: { entityType: "account", recordId: acme.id } })).toBe(1);
    }),
    crmFact("of a file that the application keeps by itself name where it is", async (bench) => {
      const { crm, account } = await filed(bench);
      const made = await crm.attachments.create({
        entityType: account.entityType,
        recordId: account.id,
        name: "scan.pdf",
        sizeBytes: 12,
        storageKey: "bucket/scan.pdf",
      });
      await expect(crm.attachments.readFile(made.id)).rejects.toMatchObject({
        code: "file_elsewhere",
        message: `The bytes of attachment ${made.id} are kept by the application, at bucket/scan.pdf.`,
      });
    }),
    crmFact("keep no bytes of what is refused", async (bench) => {
      const { crm, kept, account } = await filed(bench);
      const file = { name: "hello.txt", bytes: hello };
      expect(await refused(crm.attachments.addFile({ ...account, id: "x" }, file))).toMatchObject({
        code: "reference_not_found",
      });
      expect(await refused(crm.attachments.addFile(account, { ...file, name: "" }))).toMatchObject({ field: "name" });
      expect(await refused(crm.attachments.addFile(account, { ...file, bytes: "hello" as never }))).toMatchObject({
        field: "bytes",
      });
      expect(await refused(crm.attachments.addFile(account, null as never))).toMatchObject({ field: "bytes" });
      expect([kept.size, await crm.attachments.count()]).toEqual([0, 0]);
    }),
    crmFact("that are deleted can come back; of those that are erased, the bytes go", async (bench) => {
      const { crm, kept, acme, account } = await filed(bench);
      const file = await crm.attachments.addFile(account, { name: "hello.txt", bytes: hello });
      await crm.accounts.delete(acme.id);
      expect([await crm.attachments.count(), kept.size]).toEqual([0, 1]);
      await crm.accounts.restore(acme.id);
      expect(await crm.attachments.readFile(file.id)).toEqual(hello);
      await crm.accounts.erase(acme.id);
      await crm.eventDeliveries.drain();
      expect([await crm.attachments.count(), kept.size]).toEqual([0, 0]);
    }),
    crmFact("say so where the bytes are gone", async (bench) => {
      const { crm, kept, account } = await filed(bench);
      const file = await crm.attachments.addFile(account, { name: "hello.txt", bytes: hello });
      kept.clear();
      expect(await refused(crm.attachments.readFile(file.id))).toMatchObject({ code: "file_missing" });
    }),
  ],
};
